import type { Metric } from '../../metric/types.ts';
import type { UnitRecord } from './units/unit-record.ts';
import { happenedWithin, stepsWithin, valueWithin } from './unit-series.ts';

/** A metric by its definition and its number in the rollout. */
interface NumberedMetric {
  readonly metric: number;
  readonly definition: Metric;
}

/**
 * What a unit adds to a mean within a horizon, held between -cap and cap in both arms. A sum is 0 where
 * nothing happened; of a last or largest value undefined, for then there is none to average.
 */
export function meanFigure(
  record: UnitRecord,
  { metric, definition }: NumberedMetric,
  horizonMs: number,
): number | undefined {
  const { aggregate: keeps = 'sum', cap = Number.POSITIVE_INFINITY } = definition;
  const value =
    valueWithin(record, { metric, keeps }, horizonMs) ?? (keeps === 'sum' ? 0 : undefined);
  return value === undefined ? undefined : Math.max(-cap, Math.min(cap, value));
}

/** How many steps of its funnel a unit took within a horizon. */
export function stepsTaken(
  record: UnitRecord,
  { metric, definition }: NumberedMetric,
  horizonMs: number,
): number {
  const steps = definition.steps?.length ?? 0;
  return stepsWithin(record, { metric, steps }, horizonMs);
}

/** Whether a unit came back within a horizon. */
export function cameBack(
  record: UnitRecord,
  { metric, definition }: NumberedMetric,
  horizonMs: number,
): boolean {
  return happenedWithin(record, metric, { afterMs: definition.afterMs ?? 0, horizonMs });
}
