import type { OtlpSource } from '../../metric/source.ts';
import { batchEndingAfter } from '../rollout/batches.ts';
import { couldServe } from '../rollout/history.ts';
import type { RolloutTelemetry } from '../rollout/types.ts';
import { entryDuring } from './entry-during.ts';
import type { Tally } from './tally.ts';
import type { ToldPoint } from './types.ts';

/**
 * Counts the requests of histograms. A point covers the time since the export before: it counts in the
 * batch in which it ends, and nowhere when the stage changed within it.
 */
export function countPoints(
  tally: Tally,
  telemetry: RolloutTelemetry,
  points: readonly ToldPoint[],
): void {
  const { rollout } = telemetry;
  for (const { metric, source } of telemetry.counted.metrics) {
    if (source.type !== 'otlp' || source.instrument === undefined) continue;
    for (const point of points) {
      if (point.flag !== rollout.flag || point.instrument !== source.instrument) continue;
      const arm =
        point.variant === rollout.to
          ? ('treatment' as const)
          : point.variant === rollout.control
            ? ('control' as const)
            : undefined;
      const events = eventsOf(point, source);
      if (arm === undefined) tally.drop('other_variant', point.count);
      else if (events === undefined) tally.drop('buckets_unusable', point.count);
      else countPoint(tally, { telemetry, metric, arm, point, events });
    }
  }
}

interface Counted {
  readonly telemetry: RolloutTelemetry;
  readonly metric: string;
  readonly arm: 'control' | 'treatment';
  readonly point: ToldPoint;
  readonly events: number;
}

function countPoint(tally: Tally, { telemetry, metric, arm, point, events }: Counted): void {
  if (arm === 'treatment' && point.count > 0) tally.use(telemetry.id, point.timeMs);
  const entry = entryDuring(telemetry, point.startMs, point.timeMs);
  if (entry === undefined) return tally.drop('stage_mixed', point.count);
  if (!couldServe(entry, arm)) {
    return tally.drop('arm_impossible', point.count);
  }
  tally.count({
    rollout: telemetry.id,
    metric,
    arm,
    stage: entry.stage,
    fromMs: point.startMs,
    toMs: point.timeMs,
    batch: batchEndingAfter(telemetry, point.timeMs),
    exposure: point.count,
    events,
  });
}

function eventsOf(point: ToldPoint, { of, aboveMs = Infinity }: OtlpSource): number | undefined {
  if (of === 'slow') return slowOf(point, aboveMs);
  return point.failed ? point.count : 0;
}

/**
 * Requests in buckets that lie above the limit whole; one that it cuts through counts as not slow. Undefined
 * where no bucket begins above it, or none came: then no request could ever be slow, which is no health
 * (invariant 5).
 */
function slowOf({ buckets, boundsMs }: ToldPoint, aboveMs: number): number | undefined {
  const canTell = boundsMs.some((boundMs) => boundMs >= aboveMs && boundMs < Infinity);
  if (!canTell || buckets.length !== boundsMs.length + 1) return undefined;
  return buckets.reduce((sum, count, index) => {
    const lowerMs = index === 0 ? -Infinity : (boundsMs[index - 1] ?? Infinity);
    return lowerMs >= aboveMs ? sum + count : sum;
  }, 0);
}
