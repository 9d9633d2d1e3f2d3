import type { RolloutState } from '@downhaul/control';
import { absorbTallies } from '../../src/telemetry/rollout/judging.ts';
import { recordTallies } from '../../src/telemetry/rollout/record-tallies.ts';
import { afterBatch } from '../../src/telemetry/context/after-batch.ts';
import { Intake, ROLLOUT, someRollout, START_MS } from './intake.ts';
import { ERRORS } from './evidence.ts';

const MINUTE_MS = 60_000;

interface Arms {
  readonly treatment?: readonly [units: number, bad: number];
  readonly control?: readonly [units: number, bad: number];
}

/** A rollout whose batches are told as counts: what a day of many units comes to, in an instant. */
export class Counted {
  readonly intake = new Intake();
  private rollout: RolloutState;
  private version = 10;

  constructor(change: Partial<RolloutState> = {}) {
    this.rollout = someRollout({ status: 'measuring', stage: -1, allocations: [], ...change });
    this.intake.nowMs = this.rollout.startedAtMs;
    this.intake.change(this.rollout);
  }

  get telemetry() {
    const found = this.intake.state.rollouts.get(ROLLOUT);
    if (found === undefined) throw new Error('there is no rollout');
    return found;
  }

  /** The next stage at this share, with what the controller would freeze now. */
  enter(stage: number, sharePerMillion: number): void {
    const figures = this.intake.evidence.nextFigures;
    this.change({
      status: 'running',
      stage,
      allocations: [{ sharePerMillion }],
      stageEnteredAtMs: this.intake.nowMs,
      frozen: figures,
    });
  }

  change(change: Partial<RolloutState>): void {
    this.version += 1;
    const statusSinceMs = this.intake.nowMs;
    this.rollout = { ...this.rollout, statusSinceMs, version: this.version, ...change };
    this.intake.change(this.rollout);
  }

  /** Batches of a minute with these counts of units and bad ones. */
  minutes(count: number, arms: Arms | ((minute: number) => Arms), complete = true): void {
    const { telemetry, intake } = this;
    for (let minute = 0; minute < count; minute += 1) {
      const endMs = telemetry.closedThroughMs + MINUTE_MS;
      const { treatment = [0, 0], control = [0, 0] } =
        typeof arms === 'function' ? arms(minute) : arms;
      const cohort = telemetry.cohorts.get(telemetry.rollout.stage);
      if (cohort === undefined) throw new Error('there is no cohort');
      const tally = {
        allocation: 0,
        shareBefore: 0,
        horizonMs: MINUTE_MS,
        units: { treatment: treatment[0], control: control[0], carried: 0 },
        bad: new Map([[ERRORS, { treatment: treatment[1], control: control[1], carried: 0 }]]),
        slowest: new Map(),
        slices: [],
      };
      const recorded = recordTallies(telemetry, cohort, [tally]);
      if (cohort.stage >= 0) {
        absorbTallies(telemetry, { stage: cohort.stage, complete }, [tally]);
      }
      const batch = telemetry.openBatch;
      telemetry.openBatch += 1;
      intake.nowMs = endMs;
      for (const heard of [telemetry.heard, telemetry.outcomesHeard]) {
        heard.lastAtMs.treatment = heard.lastAtMs.control = endMs;
      }
      afterBatch(telemetry, { batch, endMs, missing: [], complete, ...recorded });
    }
  }
}

/** A baseline and stages of 25 and 50 %, half an hour each, with this many bad of 1,000 units a minute. */
export function climbed(bad = 10, change: Partial<RolloutState> = {}): Counted {
  const counted = new Counted({ startedAtMs: START_MS, ...change });
  counted.minutes(15, { control: [1_000, bad] });
  counted.enter(0, 250_000);
  counted.minutes(30, { treatment: [250, bad / 5], control: [750, (bad * 4) / 5] });
  counted.enter(1, 500_000);
  counted.minutes(30, { treatment: [500, bad / 2], control: [500, bad / 2] });
  return counted;
}
