import type { RolloutState } from '../../rollout/types.ts';
import { dueBatches } from '../../telemetry/rollout/batches.ts';
import { shareOf } from '../../telemetry/rollout/history.ts';
import type { Random } from '../random.ts';
import type { Arrival } from './arrival.ts';
import { type CountedUnits, closeCounted } from './close-counted.ts';
import type { Feed } from './feed.ts';
import type { Intake } from './intake.ts';
import { UnitCounts } from './unit-counts.ts';
import { SERVICE } from './world.ts';

const MINUTE_MS = 60_000;

interface CountFeedTerms {
  readonly rollout: RolloutState;
  readonly startMs: number;
  readonly random: Random;
  readonly maxUnits: number;
}

/** First assignments of a stage that no closed batch has counted yet. */
interface Newcomers {
  readonly stage: number;
  readonly treatment: number;
  readonly control: number;
}

/** Reports carry signs of life alone; units are counted, not told one by one. */
export class CountFeed implements Feed {
  private readonly intake: Intake;
  private readonly startMs: number;
  private readonly counts: UnitCounts;
  private newcomers: Newcomers[] = [];

  constructor(intake: Intake, { rollout, startMs, random, maxUnits }: CountFeedTerms) {
    this.intake = intake;
    this.startMs = startMs;
    const telemetry = intake.telemetry(rollout);
    // The service that serves the baseline is expected to go on reporting.
    telemetry.baselineServices.push(SERVICE);
    this.counts = new UnitCounts(telemetry, { random, maxUnits });
  }

  receive(arrival: Arrival, rollout: RolloutState, nowMs: number): void {
    const { minute, stage, treatment, control } = arrival;
    const beganMs = this.startMs + minute * MINUTE_MS;
    const lastAtMs = beganMs + MINUTE_MS / 2;
    const counted = { treatment: treatment.units, control: control.units };
    const activity = (['treatment', 'control'] as const).map((arm) =>
      this.intake.activity(rollout, { stage, arm, count: counted[arm], lastAtMs }),
    );
    const throughMs = beganMs + MINUTE_MS;
    const report = { sequence: minute + 1, version: rollout.version, throughMs, activity };
    if (!this.intake.report(report, nowMs)) return;
    this.noteOutcomes(arrival, rollout, lastAtMs);
    const taken = this.counts.add(arrival, lastAtMs);
    if (taken !== undefined && stage >= 0) this.newcomers.push({ stage, ...taken });
  }

  close(rollout: RolloutState, nowMs: number): void {
    const { state } = this.intake;
    const telemetry = this.intake.telemetry(rollout);
    const environment = state.environments.get(telemetry.environmentKey);
    if (environment === undefined) return;
    for (const { batch } of dueBatches(state, nowMs)) {
      closeCounted(
        telemetry,
        { batch, closedAtMs: nowMs, environment, options: state.options },
        this.counted,
      );
      this.newcomers = [];
    }
  }

  private readonly counted: CountedUnits = {
    takeTallies: (batch) => {
      const groups = this.counts
        .takeDue(batch)
        .sort((one, other) => one.horizonIndex - other.horizonIndex);
      return new Map(
        [...new Set(groups.map(({ stage }) => stage))].map((stage) => [
          stage,
          groups.filter((group) => group.stage === stage).map((group) => this.counts.tally(group)),
        ]),
      );
    },
    // All units are new, so treatment is expected at the stage's share.
    takeAssignments: ({ stage, allocations }) => {
      const share = shareOf(allocations, 0);
      if (stage < 0 || share === undefined || share <= 0 || share >= 1) return [];
      const own = this.newcomers.filter((each) => each.stage === stage);
      const count = (arm: 'treatment' | 'control') => own.reduce((sum, each) => sum + each[arm], 0);
      const [treatment, control] = [count('treatment'), count('control')];
      return [{ stage, allocation: 0, share, treatment, control }];
    },
  };

  /** Requests that were measured are a sign of life of their own. */
  private noteOutcomes(
    { stage, treatment, control }: Arrival,
    rollout: RolloutState,
    atMs: number,
  ): void {
    const { outcomesHeard } = this.intake.telemetry(rollout);
    if (outcomesHeard.stage !== stage) return;
    for (const [arm, { units }] of Object.entries({ treatment, control })) {
      if (units === 0 || (arm !== 'treatment' && arm !== 'control')) continue;
      outcomesHeard.lastAtMs[arm] = Math.max(outcomesHeard.lastAtMs[arm], atMs);
      outcomesHeard.signs[arm] += units;
    }
  }
}
