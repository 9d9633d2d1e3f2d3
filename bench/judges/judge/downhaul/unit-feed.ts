import { dueBatches, type RolloutState } from '@downhaul/control';
import type { ExposureItem, OutcomeItem } from '@downhaul/engine';
import type { Arrival } from '../types.ts';
import { unitIdOf } from './unit-id.ts';
import type { Feed } from '../../../../packages/control/src/rehearsal/virtual/feed.ts';
import type { Intake } from '../../../../packages/control/src/rehearsal/virtual/intake.ts';
import { FLAG } from '../../../../packages/control/src/rehearsal/virtual/world.ts';

const MINUTE_MS = 60_000;

/** Every unit with an exposure, and an outcome where it is bad; rates of one horizon only. */
export class UnitFeed implements Feed {
  private readonly intake: Intake;
  private readonly startMs: number;
  /** By stage, a version that was served in it: what comes late was decided by it. */
  private readonly versions = new Map<number, number>();
  private units = 0;

  constructor(intake: Intake, startMs: number) {
    this.intake = intake;
    this.startMs = startMs;
  }

  receive(arrival: Arrival, rollout: RolloutState, nowMs: number): void {
    const { minute, stage } = arrival;
    const beganMs = this.startMs + minute * MINUTE_MS;
    const exposures: ExposureItem[] = [];
    const outcomes: OutcomeItem[] = [];
    const atMs = beganMs + MINUTE_MS / 2;
    const { id } = rollout;
    this.versions.set(rollout.stage, rollout.version);
    const version = this.versions.get(stage) ?? rollout.version;
    const exposure = { flag: FLAG, rollout: id, stage, allocation: 0, served: true, version, atMs };
    for (const arm of ['treatment', 'control'] as const) {
      const { units, bad } = arrival[arm];
      for (let index = 0; index < units; index++) {
        this.units += 1;
        const unit = unitIdOf(this.units);
        exposures.push({ ...exposure, arm, unit });
        const isBad = index < (bad[0] ?? 0);
        if (isBad) outcomes.push({ unit, metric: 'http.error_rate', atMs: atMs + 1, value: 1 });
      }
    }
    const throughMs = beganMs + MINUTE_MS;
    this.intake.report({ sequence: minute + 1, version, throughMs, exposures, outcomes }, nowMs);
  }

  close(_: RolloutState, nowMs: number): void {
    for (const due of dueBatches(this.intake.state, nowMs)) {
      this.intake.add({ type: 'batchClosed', ...due }, nowMs);
    }
  }
}
