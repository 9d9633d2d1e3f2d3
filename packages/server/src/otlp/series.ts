import type { DurationPoint } from './duration-point.ts';

interface Known {
  readonly startMs: number;
  readonly timeMs: number;
  readonly count: number;
  readonly buckets: readonly number[];
}

/** Series remembered over all processes; beyond, the oldest is forgotten and begins anew. */
const MAX_SERIES = 50_000;

/** What cumulative series had counted at their last export: later ones are told by the difference. */
interface Series {
  /**
   * The requests that a point adds, and since when. Undefined for the first point of a cumulative series
   * that was there before: what it had counted by then may lie in any batch. One that began anew (its
   * start moved, or it fell) counts from zero.
   */
  added(point: DurationPoint, process: string): DurationPoint | undefined;
}

export function createSeries(sinceMs: number): Series {
  const known = new Map<string, Known>();
  return {
    added: (point, process) => {
      if (!point.cumulative) return point;
      const key = `${process} ${point.series}`;
      const before = known.get(key);
      if (before !== undefined && point.timeMs <= before.timeMs) return undefined;
      known.delete(key);
      known.set(key, point);
      if (known.size > MAX_SERIES) known.delete(known.keys().next().value ?? '');
      if (before === undefined) return point.startMs >= sinceMs ? point : undefined;
      const isAnew = point.startMs > before.startMs || point.count < before.count;
      return isAnew ? point : difference(point, before);
    },
  };
}

function difference(point: DurationPoint, before: Known): DurationPoint {
  return {
    ...point,
    startMs: before.timeMs,
    count: point.count - before.count,
    buckets: point.buckets.map((count, index) => Math.max(0, count - (before.buckets[index] ?? 0))),
  };
}
