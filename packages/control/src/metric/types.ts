import type { MetricSource } from './source.ts';

/**
 * How the outcomes of a unit within the window become what is judged:
 * - `share`: the unit is bad when it had the outcome at all (an error, a refund).
 * - `quantile`: the unit is slow when its largest value is above a threshold frozen from the baseline;
 *   a guardrail on it names its quantile.
 * - `mean`: the values of a unit are added up (or the last or largest is taken, see `aggregate`), and
 *   the means of the arms are compared.
 * - `conversion`: the unit did it at all; not doing it is the bad outcome.
 * - `funnel`: the unit did every step, in order of time; not reaching the last is the bad outcome.
 * - `retention`: the unit did it at or after `afterMs`; not coming back is the bad outcome.
 */
export type MetricKind = 'share' | 'quantile' | 'mean' | 'conversion' | 'funnel' | 'retention';

/** Which direction hurts. */
export type Worse = 'higher' | 'lower';

/** What the values of one unit come to: their sum (0 without any), the last or the largest of them. */
export type Aggregate = 'sum' | 'last' | 'max';

/** A metric as its document says it, every default filled in. */
export interface MetricDefinition {
  readonly key: string;
  readonly source: MetricSource;
  readonly kind: MetricKind;
  readonly worse: Worse;
  /** Of the values: `ms`, `EUR`. */
  readonly unit?: string;
  /** How long after its first exposure a unit is observed; absent: the horizons of the plan. */
  readonly windowMs?: number;
  /** `mean`: a unit's figure is held between -cap and cap, the same in both arms. */
  readonly cap?: number;
  /** `mean` only. */
  readonly aggregate?: Aggregate;
  /** `funnel` only: events in their order, at least two. */
  readonly steps?: readonly string[];
  /** `retention` only: what happens sooner after the first exposure does not count. */
  readonly afterMs?: number;
  readonly owner: string;
  readonly description: string;
}

/** A metric in its place: `version` is the log position of the document, 0 for one that is built in. */
export interface Metric extends MetricDefinition {
  readonly version: number;
}
