import type { RolloutState } from '@downhaul/control';
import { type Arm, type ExposureItem, type OutcomeItem, unitHash } from '@downhaul/engine';
import { assess } from '@downhaul/judge';
import { expect } from 'vitest';
import { exposure, Intake, outcome, someRollout, unitOf } from './intake.ts';
import { generator } from './random.ts';
import { somePlan } from './world.ts';

const BATCH_MS = 60_000;
const BATCHES_PER_STAGE = 3;
const ERRORS = 'http.error_rate@60000';

/** Users who come back in later stages and attempts, on the side of the share where they were. */
export interface Crowd {
  readonly users: number;
  /** Chance that a user comes in a stage; who comes does so once, in one of its batches. */
  readonly comes: number;
  readonly shares: readonly number[];
  readonly alphaHarm: number;
  /** The rate of failures that the judge is told of beforehand. */
  readonly rate: number;
  /** Chance that a visit fails. */
  readonly failure: (visit: CrowdVisit) => number;
  /** Above it a slice of the users is measured. */
  readonly maxUnits?: number;
  /** Told apart, where it is given: it may change with the stage. */
  readonly platform?: (user: number, stage: number) => string;
}

export interface CrowdVisit {
  /** The user's number, from 0. */
  readonly user: number;
  readonly arm: Arm;
  readonly stage: number;
  /** The last stage of this attempt that saw the user before; -1 where none did. */
  readonly lastStage: number;
  readonly treatedBefore: boolean;
}

interface User {
  /** In treatment where the share is above it. */
  readonly place: number;
  lastStage: number;
  treated: boolean;
}

interface Life {
  readonly crowd: Crowd;
  readonly users: readonly User[];
  readonly random: () => number;
  readonly intake: Intake;
}

/**
 * Lets a crowd go through all stages of attempts, numbered from 1, with a look at every batch. Nothing
 * is tolerated. Returns attempt and stage in which harm was found first; undefined where it never was.
 */
export function firstHarm(
  crowd: Crowd,
  { seed, attempts = 1 }: { readonly seed: number; readonly attempts?: number },
): { readonly attempt: number; readonly stage: number } | undefined {
  const random = generator(seed);
  const places = Array.from({ length: crowd.users }, () => random());
  const { maxUnits } = crowd;
  const intake = new Intake(maxUnits === undefined ? {} : { maxUnits });
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const users = places.map((place): User => ({ place, lastStage: -1, treated: false }));
    const stage = stageOfHarm({ crowd, users, random, intake }, attempt);
    if (stage !== undefined) return { attempt, stage };
  }
  return undefined;
}

function stageOfHarm(life: Life, attempt: number): number | undefined {
  const { crowd, intake } = life;
  const start = { ...rolloutOf(crowd, attempt), startedAtMs: intake.nowMs };
  for (const [stage, share] of crowd.shares.entries()) {
    const rollout: RolloutState = {
      ...start,
      stage,
      allocations: [{ sharePerMillion: Math.round(share * 1_000_000) }],
      stageEnteredAtMs: intake.nowMs,
      statusSinceMs: intake.nowMs,
      version: intake.rows.length + 1,
    };
    intake.change(rollout);
    for (const visits of visitsOf(life, rollout)) {
      intake.report(visits);
      intake.nowMs += BATCH_MS;
      if (closeAndLook(intake, rollout)) return stage;
    }
  }
  return undefined;
}

function rolloutOf({ alphaHarm, rate, users, platform }: Crowd, attempt: number): RolloutState {
  const nothing = { ratio: 1, excess: 0 };
  const figures = {
    baselineRate: rate,
    baselineUnits: users,
    baselineUpper: rate,
    harmNull: nothing,
    nonInferiorityNull: nothing,
    harmBound: 0,
  };
  const margin = { relative: 0, absolute: 0 };
  const guardrail = { metric: 'http.error_rate', worse: 'higher', margin, weight: 1 } as const;
  return someRollout({
    id: `default/production/new-checkout#${attempt}`,
    attempt,
    plan: somePlan({
      alphaHarm,
      batchMs: BATCH_MS,
      horizonsMs: [BATCH_MS],
      guardrails: [guardrail],
      ...(platform === undefined ? {} : { slices: [{ attribute: 'platform', minimumSample: 0 }] }),
    }),
    frozen: { nextStageUnits: 1, hypotheses: { [ERRORS]: figures } },
  });
}

interface Visits {
  readonly exposures: ExposureItem[];
  readonly outcomes: OutcomeItem[];
}

/** The visits of a stage by batch; the last batch's horizons close in the stage that follows. */
function visitsOf({ crowd, users, random, intake }: Life, rollout: RolloutState): Visits[] {
  const { id, stage, version } = rollout;
  const batches = Array.from({ length: BATCHES_PER_STAGE }, (): Visits => ({
    exposures: [],
    outcomes: [],
  }));
  for (const [number, user] of users.entries()) {
    if (random() >= crowd.comes) continue;
    const arm = user.place < (crowd.shares[stage] ?? 0) ? 'treatment' : 'control';
    const atMs = intake.nowMs + Math.floor(random() * BATCHES_PER_STAGE * BATCH_MS);
    const visits = batches[Math.floor((atMs - intake.nowMs) / BATCH_MS)];
    const unit = crowd.maxUnits === undefined ? unitOf(number) : unitHash('salt', `${number}`);
    const platform = crowd.platform?.(number, stage);
    const slices = platform === undefined ? {} : { slices: { platform } };
    visits?.exposures.push(exposure({ rollout: id, stage, arm, version, unit, atMs, ...slices }));
    const { lastStage, treated } = user;
    const visit = { user: number, arm, stage, lastStage, treatedBefore: treated } as const;
    if (random() < crowd.failure(visit)) visits?.outcomes.push(outcome({ unit, atMs }));
    user.lastStage = stage;
    user.treated ||= arm === 'treatment';
  }
  return batches;
}

function closeAndLook(intake: Intake, { id }: RolloutState): boolean {
  const telemetry = intake.state.rollouts.get(id) ?? expect.fail('there is no rollout');
  const batch = telemetry.openBatch;
  intake.add({ type: 'batchClosed', rollout: id, batch, endMs: intake.nowMs });
  return assess(telemetry.judge).harm.harmful;
}
