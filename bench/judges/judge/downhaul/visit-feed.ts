import { dueBatches, type RolloutState } from '@downhaul/control';
import type { Arm, ExposureItem, OutcomeItem } from '@downhaul/engine';
import type { Feed } from '../../../../packages/control/src/rehearsal/virtual/feed.ts';
import type { Intake } from '../../../../packages/control/src/rehearsal/virtual/intake.ts';
import { FLAG } from '../../../../packages/control/src/rehearsal/virtual/world.ts';
import type { Scenario, World } from '../../scenario/types.ts';
import type { Arrival, VisitsSeen } from '../types.ts';
import { unitIdOf } from './unit-id.ts';

const MINUTE_MS = 60_000;

/**
 * Every user by its own id through the fold of the product, as an SDK reports it: an exposure when it is
 * first seen in a stage, repeated evaluations as activity, an outcome for each visit that is bad.
 */
export class VisitFeed implements Feed {
  private readonly intake: Intake;
  private readonly scenario: Scenario;
  private readonly world: World;
  private readonly startMs: number;
  /** By user, the latest stage and attempt in which its exposure was reported. */
  private readonly exposedIn = new Map<number, string>();

  constructor(
    intake: Intake,
    of: { readonly scenario: Scenario; readonly world: World; readonly startMs: number },
  ) {
    this.intake = intake;
    this.scenario = of.scenario;
    this.world = of.world;
    this.startMs = of.startMs;
  }

  receive({ minute, stage, visits }: Arrival, rollout: RolloutState, nowMs: number): void {
    if (visits === undefined) throw new Error('this trace tells no users apart');
    const beganMs = this.startMs + minute * MINUTE_MS;
    const atMs = beganMs + MINUTE_MS / 2;
    const { version } = rollout;
    const exposures: ExposureItem[] = [];
    const outcomes: OutcomeItem[] = [];
    const again = { treatment: 0, control: 0 };
    for (let visit = visits.first; visit < visits.end; visit++) {
      const arm = armOf(visits, visit);
      const user = visits.of.users[visit] ?? 0;
      const unit = unitIdOf(user);
      if (this.isNew(user, stage, rollout)) {
        exposures.push(this.exposure({ user, unit, arm, stage, atMs }, rollout));
      } else again[arm] += 1;
      this.tellBad(outcomes, { visits, visit, arm, stage, unit, atMs: atMs + 1 });
    }
    const activity = (['treatment', 'control'] as const)
      .filter((arm) => again[arm] > 0)
      .map((arm) =>
        this.intake.activity(rollout, { stage, arm, count: again[arm], lastAtMs: atMs }),
      );
    const throughMs = beganMs + MINUTE_MS;
    this.intake.report(
      { sequence: minute + 1, version, throughMs, exposures, outcomes, activity },
      nowMs,
    );
  }

  close(_: RolloutState, nowMs: number): void {
    for (const due of dueBatches(this.intake.state, nowMs)) {
      this.intake.add({ type: 'batchClosed', ...due }, nowMs);
    }
  }

  private isNew(user: number, stage: number, { id }: RolloutState): boolean {
    const key = `${id}/${stage}`;
    if (this.exposedIn.get(user) === key) return false;
    this.exposedIn.set(user, key);
    return true;
  }

  private exposure(
    of: {
      readonly user: number;
      readonly unit: string;
      readonly arm: Arm;
      readonly stage: number;
      readonly atMs: number;
    },
    { id, version }: RolloutState,
  ): ExposureItem {
    const { user, ...known } = of;
    const slices = this.world.population?.slicesOf?.(user);
    return {
      ...known,
      flag: FLAG,
      rollout: id,
      allocation: 0,
      served: true,
      version,
      ...(slices === undefined ? {} : { slices }),
    };
  }

  private tellBad(
    outcomes: OutcomeItem[],
    of: {
      readonly visits: VisitsSeen;
      readonly visit: number;
      readonly arm: Arm;
      readonly stage: number;
      readonly unit: string;
      readonly atMs: number;
    },
  ): void {
    const { visits, visit, arm, stage, unit, atMs } = of;
    const masks = arm === 'treatment' ? visits.of.bad1[stage] : visits.of.bad0;
    const mask = masks?.[visit] ?? 0;
    if (mask === 0) return;
    this.scenario.outcomes.forEach(({ guardrail: { metric } }, outcome) => {
      if ((mask & (1 << outcome)) !== 0) outcomes.push({ unit, metric, atMs, value: 1 });
    });
  }
}

function armOf({ of, treatedSlices }: VisitsSeen, visit: number): Arm {
  return (of.slices[visit] ?? 0) < treatedSlices ? 'treatment' : 'control';
}
