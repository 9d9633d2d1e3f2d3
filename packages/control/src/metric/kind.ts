import type { MetricKind, Worse } from './types.ts';

/** Kinds that ask whether a unit did something: not doing it is what hurts. */
const DOING: ReadonlySet<MetricKind> = new Set(['conversion', 'funnel', 'retention']);

/** Which direction hurts unless a document says otherwise; of a mean either may. */
export function worseByKind(kind: MetricKind): Worse {
  return DOING.has(kind) ? 'lower' : 'higher';
}
