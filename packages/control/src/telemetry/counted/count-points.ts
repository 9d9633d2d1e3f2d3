import { unitHash } from '@downhaul/engine';
import { batchEndingAfter } from '../rollout/batches.ts';
import type { RolloutTelemetry } from '../rollout/types.ts';
import { eventsOf } from './point-events.ts';
import type { CountedMetric } from './state.ts';
import type { Tally } from './tally.ts';
import type { RefusedShape, ToldPoint } from './types.ts';

interface ToldPoints {
  /** Name of the process. */
  readonly sender: string;
  readonly points: readonly ToldPoint[];
  readonly refused: readonly RefusedShape[];
  readonly receivedAtMs: number;
}

/**
 * The points of instruments that the metrics of a rollout count, each with its bad requests. What is of an instrument
 * and cannot be counted is a fault of the metric: a part of the requests is unknown then (invariant 5).
 */
export function countPoints(tally: Tally, telemetry: RolloutTelemetry, told: ToldPoints): void {
  const { rollout } = telemetry;
  for (const metric of telemetry.counted.metrics) {
    const { source } = metric;
    if (source.type !== 'otlp' || source.instrument === undefined) continue;
    const isOfIt = (each: { readonly flag: string; readonly instrument?: string }) =>
      each.flag === rollout.flag && each.instrument === source.instrument;
    for (const { text } of told.refused.filter(isOfIt)) {
      tally.fault(faultOf(telemetry, metric, { text, told }));
    }
    for (const point of told.points.filter(isOfIt)) {
      const arm = armOf(telemetry, point.variant);
      const events = eventsOf(point, source);
      if (arm === undefined) {
        tally.otherVariant(point, point.count);
        continue;
      }
      if (typeof events === 'string') {
        const text = `${source.instrument}: ${events}`;
        tally.drop('buckets_unusable', point.count);
        tally.refuse(text);
        tally.fault(faultOf(telemetry, metric, { text, told }));
        continue;
      }
      const { cumulative, startMs, timeMs, count } = point;
      const key = [told.sender, point.series, ...(cumulative ? [startMs] : [])];
      tally.points.push({
        rollout: telemetry.id,
        metric: metric.metric,
        arm,
        series: unitHash('series', JSON.stringify(key)),
        ...{ cumulative, startMs, timeMs, exposure: count, events },
      });
    }
  }
}

function armOf({ rollout }: RolloutTelemetry, variant: string) {
  if (variant === rollout.to) return 'treatment' as const;
  return variant === rollout.control ? ('control' as const) : undefined;
}

function faultOf(
  telemetry: RolloutTelemetry,
  { metric }: CountedMetric,
  { text, told }: { readonly text: string; readonly told: ToldPoints },
) {
  return {
    rollout: telemetry.id,
    metric,
    batch: batchEndingAfter(telemetry, told.receivedAtMs),
    server: told.sender,
    code: 'not_countable',
    text: `${told.sender} tells what cannot be counted. ${text}`,
  };
}
