import {
  type ActivityItem,
  type Arm,
  type ExposureItem,
  type OutcomeItem,
  type Traffic,
  unitHash,
} from '@downhaul/engine';
import type { EvaluationContext } from '@openfeature/server-sdk';
import type { Held } from '../snapshot/held.ts';
import type { Clock } from '../timing/clock.ts';
import type { MeasuredRollout } from './measured-rollout.ts';
import { type Outcome, OutcomeItems } from './outcome-items.ts';
import { LONGEST_REMEMBERED } from './seen-units.ts';
import { type Ended, TrafficCounter } from './traffic-counter.ts';

/** A fuller collector is reported before its time. */
export const MAX_EXPOSURES = 4_000;
export const MAX_OUTCOMES = 8_000;
const MAX_ACTIVITY = 4_000;

export interface Lost {
  readonly exposures: number;
  readonly outcomes: number;
}

/** What a report carries besides its head. */
export interface Collection {
  readonly exposures: readonly ExposureItem[];
  readonly outcomes: readonly OutcomeItem[];
  readonly activity: readonly ActivityItem[];
  readonly dropped: Lost;
  readonly traffic?: Traffic;
}

/** An evaluation that put a unit into an arm of a measured rollout. */
interface Use {
  readonly held: Held;
  readonly rollout: MeasuredRollout;
  readonly allocation: number;
  readonly arm: Arm;
  /** False where a breaker or the leash served control to a unit of the treatment arm. */
  readonly served: boolean;
  readonly context: EvaluationContext;
}

/** Collects what happens between two reports, in bounded memory. */
export class TelemetryCollector {
  readonly #clock: Clock;
  readonly #onFull: () => void;
  #exposures: ExposureItem[] = [];
  readonly #outcomes = new OutcomeItems();
  readonly #traffic: TrafficCounter;
  #active: MeasuredRollout[] = [];
  #saidFull = false;
  #dropped = { exposures: 0, outcomes: 0 };
  readonly #totals = { exposures: 0, outcomes: 0 };

  /** `onFull` is called at most once per drain, when a report should go before its time. */
  constructor(clock: Clock, onFull: () => void) {
    this.#clock = clock;
    this.#onFull = onFull;
    this.#traffic = new TrafficCounter(clock.nowMs());
  }

  /** Items left out since the start. */
  get totals(): Lost {
    return this.#totals;
  }

  /** Counts the use of a decision, and reports the unit if it is new at this stage. */
  use(use: Use): void {
    const { rollout, arm } = use;
    const nowMs = this.#clock.nowMs();
    this.#count(rollout, arm, nowMs);
    const unit = rollout.readUnit(use.context);
    if (unit.length <= LONGEST_REMEMBERED && rollout.seen.has(unit)) return;
    this.#expose(use, unit, nowMs);
  }

  /** Takes an outcome of a unit; folded with others of the same unit and metric. */
  outcome(outcome: Outcome): void {
    if (this.#outcomes.add(outcome, MAX_OUTCOMES)) {
      if (this.#outcomes.size >= MAX_OUTCOMES) this.#full();
      return;
    }
    this.drop({ exposures: 0, outcomes: 1 });
  }

  /** Counts a request that ended, measured or not; the empty unit stands for none. */
  ended(unit: string, how: Ended): void {
    this.#traffic.ended(unit, how);
  }

  /** Counts a tracked metric, measured or not. */
  tracked(metric: string): void {
    this.#traffic.tracked(metric);
  }

  /** Counts items that are lost; the next report states them. */
  drop(lost: Lost): void {
    this.restate(lost);
    this.#totals.exposures += lost.exposures;
    this.#totals.outcomes += lost.outcomes;
  }

  /** A loss was counted before, but the report that stated it did not arrive: the next one states it. */
  restate(lost: Lost): void {
    this.#dropped.exposures += lost.exposures;
    this.#dropped.outcomes += lost.outcomes;
  }

  /** Takes everything out. */
  drain(): Collection {
    const collection: Collection = {
      exposures: this.#exposures,
      outcomes: this.#outcomes.drain(),
      activity: this.#drainActivity(),
      dropped: this.#dropped,
      traffic: this.#traffic.drain(this.#clock.nowMs()),
    };
    this.#exposures = [];
    this.#saidFull = false;
    this.#dropped = { exposures: 0, outcomes: 0 };
    return collection;
  }

  #count(rollout: MeasuredRollout, arm: Arm, nowMs: number): void {
    const { control, treatment } = rollout.activity;
    if (control.count === 0 && treatment.count === 0) {
      if (this.#active.length >= MAX_ACTIVITY) return;
      this.#active.push(rollout);
    }
    const count = rollout.activity[arm];
    count.count += 1;
    count.lastAtMs = nowMs;
  }

  #expose({ held, rollout, allocation, arm, served }: Use, unit: string, nowMs: number): void {
    const hash = unitHash(held.snapshot.unitSalt, unit);
    const remembered = unit.length <= LONGEST_REMEMBERED ? unit : hash;
    if (remembered === hash && rollout.seen.has(hash)) return;
    if (this.#exposures.length >= MAX_EXPOSURES) {
      // Not remembered, so that a later use of the decision by this unit is reported.
      this.drop({ exposures: 1, outcomes: 0 });
      return;
    }
    rollout.seen.add(remembered);
    this.#exposures.push({
      flag: rollout.flag,
      rollout: rollout.id,
      stage: rollout.stage,
      allocation,
      arm,
      served,
      version: rollout.version,
      unit: hash,
      atMs: nowMs,
    });
    if (this.#exposures.length >= MAX_EXPOSURES) this.#full();
  }

  #full(): void {
    if (this.#saidFull) return;
    this.#saidFull = true;
    this.#onFull();
  }

  #drainActivity(): ActivityItem[] {
    const items: ActivityItem[] = [];
    for (const { flag, id, stage, version, activity } of this.#active) {
      for (const arm of ['control', 'treatment'] as const) {
        const { count, lastAtMs } = activity[arm];
        if (count === 0) continue;
        items.push({ flag, rollout: id, stage, arm, version, count, lastAtMs });
        activity[arm].count = 0;
      }
    }
    this.#active = [];
    return items;
  }
}
