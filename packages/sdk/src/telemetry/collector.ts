import type { ActivityItem, Arm, ExposureItem, OutcomeItem, Traffic } from '@downhaul/engine';
import type { Clock } from '../timing/clock.ts';
import { EvaluatedFlags } from './evaluated-flags.ts';
import { ExposureItems, type Use } from './exposure-items.ts';
import type { MeasuredRollout, MeasuredTraffic } from './measured-rollout.ts';
import { type Outcome, OutcomeItems } from './outcome-items.ts';
import { type Ended, TrafficCounter } from './traffic-counter.ts';

/** A fuller collector is reported before its time. */
export const MAX_EXPOSURES = 4_000;
export const MAX_OUTCOMES = 8_000;
const MAX_ACTIVITY = 4_000;
/** Synthetic traffic has its own room: a load test must not crowd people out. */
const MAX_SYNTHETIC = 1_000;

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
  readonly evaluates?: readonly string[];
}

/** Collects what happens between two reports, in bounded memory. */
export class TelemetryCollector {
  readonly #clock: Clock;
  readonly #onFull: () => void;
  readonly #exposures = new ExposureItems(MAX_EXPOSURES);
  readonly #outcomes = new OutcomeItems();
  readonly #synthetic = {
    exposures: new ExposureItems(MAX_SYNTHETIC),
    outcomes: new OutcomeItems(),
  };
  readonly #traffic: TrafficCounter;
  readonly #evaluated = new EvaluatedFlags();
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

  /** A flag was evaluated, whether or not anything is measured of it. */
  evaluated(flag: string): void {
    this.#evaluated.note(flag);
  }

  /** Counts the use of a decision, and reports the unit if it is new at this stage. */
  use(use: Use): void {
    const { rollout, arm } = use;
    const nowMs = this.#clock.nowMs();
    const isSynthetic = use.synthetic === true;
    this.#count(rollout, isSynthetic ? rollout.synthetic : rollout.people, { arm, nowMs });
    if (isSynthetic) {
      this.#synthetic.exposures.add(use, nowMs);
      return;
    }
    if (!this.#exposures.add(use, nowMs)) this.drop({ exposures: 1, outcomes: 0 });
    else if (this.#exposures.isFull) this.#full();
  }

  /** Takes an outcome of a unit; folded with others of the same unit and metric. */
  outcome(outcome: Outcome): void {
    if (outcome.synthetic === true) {
      this.#synthetic.outcomes.add(outcome, MAX_SYNTHETIC);
      return;
    }
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

  /** The same of the flags that it told of. */
  restateEvaluated(flags: readonly string[]): void {
    this.#evaluated.restate(flags);
  }

  /** Takes everything out. */
  drain(): Collection {
    const { exposures, outcomes } = this.#synthetic;
    const evaluates = this.#evaluated.drain();
    const collection: Collection = {
      exposures: [...this.#exposures.drain(), ...exposures.drain()],
      outcomes: [...this.#outcomes.drain(), ...outcomes.drain().map(asSynthetic)],
      activity: this.#drainActivity(),
      dropped: this.#dropped,
      traffic: this.#traffic.drain(this.#clock.nowMs()),
      ...(evaluates === undefined ? {} : { evaluates }),
    };
    this.#saidFull = false;
    this.#dropped = { exposures: 0, outcomes: 0 };
    return collection;
  }

  #count(
    rollout: MeasuredRollout,
    { activity }: MeasuredTraffic,
    { arm, nowMs }: { readonly arm: Arm; readonly nowMs: number },
  ): void {
    if (isIdle(rollout.people) && isIdle(rollout.synthetic)) {
      if (this.#active.length >= MAX_ACTIVITY) return;
      this.#active.push(rollout);
    }
    const count = activity[arm];
    count.count += 1;
    count.lastAtMs = nowMs;
  }

  #full(): void {
    if (this.#saidFull) return;
    this.#saidFull = true;
    this.#onFull();
  }

  #drainActivity(): ActivityItem[] {
    const items = this.#active.flatMap((rollout) => [
      ...activityOf(rollout, rollout.people),
      ...activityOf(rollout, rollout.synthetic).map(asSynthetic),
    ]);
    this.#active = [];
    return items;
  }
}

function isIdle({ activity: { control, treatment } }: MeasuredTraffic): boolean {
  return control.count === 0 && treatment.count === 0;
}

/** Takes the counts out. */
function activityOf(
  { flag, id, stage, version }: MeasuredRollout,
  { activity }: MeasuredTraffic,
): ActivityItem[] {
  const items: ActivityItem[] = [];
  for (const arm of ['control', 'treatment'] as const) {
    const { count, lastAtMs } = activity[arm];
    if (count === 0) continue;
    items.push({ flag, rollout: id, stage, arm, version, count, lastAtMs });
    activity[arm].count = 0;
  }
  return items;
}

function asSynthetic<Item extends object>(item: Item): Item & { readonly synthetic: true } {
  return { ...item, synthetic: true };
}
