import type { CountedSource } from '../../metric/source.ts';
import type { Plan } from '../../plan/types.ts';
import type { CountedArm } from './types.ts';

/** Everything that is counted by request in one rollout. Plain data, changed in place. */
export interface CountedState {
  readonly metrics: CountedMetric[];
  /** Requests that came for a batch that had been closed, or at no stage of the rollout. */
  dropped: { late: number; impossible: number };
}

export interface CountedMetric {
  readonly metric: string;
  readonly source: CountedSource;
  /** Figures of batches that are not closed yet. */
  open: CountedCell[];
  /** End of the last closed batch with requests of each arm; the stage's beginning before. */
  heardMs: { control: number; treatment: number };
  /** Requests in closed batches of the present stage. */
  requests: { stage: number; control: number; treatment: number };
  /** Requests of the present stage that came in time, and those that came too late. */
  arrivals: { received: number; late: number };
  /** What was counted of each series of the instrument. */
  series?: Record<string, SeriesCounts>;
  seriesCount?: number;
  /** When each process last exported the instrument, and when before, by its own clock. */
  collections?: Record<
    string,
    { readonly heardMs: number; readonly timeMs: number; readonly beforeMs?: number }
  >;
  /** Until when an earlier release counted the instrument, which kept no series. */
  itemsThroughMs?: number;
  /** The last batch that has figures, and the last whose reading failed. */
  readBatch: number;
  fault?: {
    readonly batch: number;
    readonly server: string;
    readonly code: string;
    readonly text: string;
  };
}

/** What was counted of a series. */
export interface SeriesCounts {
  /** The store's time of the row that told of it. */
  readonly heardMs: number;
  /** By the clock of the process. */
  readonly timeMs: number;
  readonly exposure: number;
  readonly events: number;
  /** Of deltas: start, end and requests of the last ones, by the clock of the process. */
  readonly seen?: readonly (readonly number[])[];
}

/** What was told of one batch, stage and arm. */
export interface CountedCell {
  readonly batch: number;
  readonly stage: number;
  readonly arm: CountedArm;
  exposure: number;
  events: number;
}

/** Nothing counted yet, for every metric of the plan that has such a source. */
export function createCounted(plan: Plan, stage: number, sinceMs: number): CountedState {
  const counted = {
    metrics: (plan.metrics ?? []).flatMap(({ key: metric, source }) =>
      source.type === 'sdk' ? [] : [createMetric(metric, source)],
    ),
    dropped: { late: 0, impossible: 0 },
  };
  beginStage(counted, stage, sinceMs);
  return counted;
}

function createMetric(metric: string, source: CountedSource): CountedMetric {
  return {
    metric,
    source,
    open: [],
    heardMs: { control: 0, treatment: 0 },
    requests: { stage: 0, control: 0, treatment: 0 },
    arrivals: { received: 0, late: 0 },
    readBatch: -1,
  };
}

/** The first figures of a stage come so much later. */
function delayOf(source: CountedSource): number {
  return source.type === 'prometheus' ? source.delayMs : 0;
}

/** A new stage: who is heard and how much is counted from here on. */
export function beginStage(counted: CountedState, stage: number, sinceMs: number): void {
  for (const metric of counted.metrics) {
    const fromMs = sinceMs + delayOf(metric.source);
    metric.heardMs = { control: fromMs, treatment: fromMs };
    metric.requests = { stage, control: 0, treatment: 0 };
    metric.arrivals = { received: 0, late: 0 };
  }
}
