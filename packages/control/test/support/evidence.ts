import type { ControllerInput, Evidence, Plan, RolloutState } from '@downhaul/control';
import { someRollout, START_MS } from './intake.ts';
import { somePlan } from './world.ts';

const MINUTE_MS = 60_000;
const LIMIT = Math.log(100);
export const ERRORS = 'http.error_rate@60000';

export function someEvidence(change: Partial<Evidence> = {}): Evidence {
  return {
    rollout: 'default/production/new-checkout#1',
    stage: 0,
    throughSequence: 100,
    throughPosition: Number.MAX_SAFE_INTEGER,
    judgeVersion: '1',
    closedBatches: 60,
    closedThroughMs: START_MS,
    assessment: assessment({}),
    totals: [],
    freshness: 'fresh',
    sources: [],
    byRequest: false,
    units: { treatment: 5_000, control: 15_000 },
    baseline: { [ERRORS]: { units: 5_000, bad: 50 } },
    unitsPerSecond: 10,
    nextFigures: { nextStageUnits: 1_000, hypotheses: {} },
    late: [],
    lateShare: 0,
    lostInstances: { names: [], expected: 0, excess: false },
    quiet: [],
    stale: false,
    answered: [],
    slices: [],
    synthetic: [],
    funnels: [],
    success: [],
    measuredShare: 1,
    exposed: [],
    dropped: { impossibleArm: 0, closedStage: 0, lateOutcomes: 0, movedOut: 0, secondArm: 0 },
    ...change,
  };
}

interface Says {
  readonly harmful?: boolean;
  readonly signal?: boolean;
  readonly passed?: boolean;
  readonly srm?: boolean;
  readonly deficit?: number;
}

export function assessment({
  harmful = false,
  signal = false,
  passed = true,
  srm = false,
  deficit = 0,
}: Says) {
  const evidence = (is: boolean) => ({
    logE: is ? LIMIT + 1 : 0,
    limit: LIMIT,
    harmful: is,
    attribution: [
      {
        hypothesis: ERRORS,
        logE: is ? LIMIT + 1 : 0,
        sinceStage: is ? LIMIT + 1 : 0,
        limit: LIMIT,
      },
    ],
  });
  return {
    harm: evidence(harmful),
    signals: evidence(signal),
    nonInferiority: [
      {
        hypothesis: ERRORS,
        logE: passed ? 4 : 0,
        limit: 3,
        passed,
        null: { ratio: 1.05, excess: 0.001 },
        units: 5_000,
      },
    ],
    safe: passed,
    srm: { logE: srm ? 10 : 0, limit: 7, alarm: srm, treatmentDeficit: deficit },
  } satisfies Evidence['assessment'];
}

/** A stage that lacks nothing. */
export function ripe(
  change: Partial<RolloutState> = {},
  evidence: Partial<Evidence> = {},
): ControllerInput {
  const rollout = someRollout(change);
  return {
    rollout,
    flagDown: false,
    evidence: someEvidence({ stage: rollout.stage, ...evidence }),
    nowMs: START_MS + 40 * MINUTE_MS,
    readiness: { ok: true, cause: '' },
  };
}

export function sampled(minimumSample: number): Plan['stages'] {
  return somePlan().stages.map((stage) => ({ ...stage, minimumSample }));
}
