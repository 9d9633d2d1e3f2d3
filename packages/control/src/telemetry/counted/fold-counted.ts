import { batchEndingAfter } from '../rollout/batches.ts';
import type { RolloutTelemetry } from '../rollout/types.ts';
import type { CountedMetric } from './state.ts';
import type { CountedItem, SourceFault } from './types.ts';

/** Figures beyond it are not counted exactly, and sums of them overflow. */
export const LARGEST_COUNT = Number.MAX_SAFE_INTEGER;

/**
 * Keeps counts until their batch closes. A reading counts once per metric, batch, stage and arm, however
 * many replicas read it; what OTLP tells adds up. Counts for a closed batch are dropped and counted.
 * Returns whether the item counts.
 */
export function foldCountedItem(
  telemetry: RolloutTelemetry,
  item: CountedItem,
  source: 'prometheus' | 'otlp',
): boolean {
  const { counted } = telemetry;
  const metric = counted.metrics.find((each) => each.metric === item.metric);
  if (metric?.source.type !== source || !isCount(item, metric)) {
    counted.dropped.impossible += 1;
    return false;
  }
  const batch = item.batch ?? batchEndingAfter(telemetry, item.toMs);
  const isPresent = item.stage === metric.requests.stage;
  if (batch < telemetry.openBatch) {
    counted.dropped.late += item.exposure;
    if (isPresent) {
      metric.arrivals.received += item.exposure;
      metric.arrivals.late += item.exposure;
    }
    return false;
  }
  const cell = cellOf(metric, { ...item, batch });
  if (cell === undefined) {
    metric.open.push({
      batch,
      stage: item.stage,
      arm: item.arm,
      exposure: item.exposure,
      events: item.events,
    });
  } else if (source === 'otlp') {
    cell.exposure += item.exposure;
    cell.events += item.events;
  } else return false;
  if (isPresent) metric.arrivals.received += item.exposure;
  return true;
}

/** A failed reading; figures of the batch that came all the same make it pointless. */
export function foldFault(telemetry: RolloutTelemetry, fault: SourceFault): void {
  const { batch, server, code, text } = fault;
  const metric = telemetry.counted.metrics.find((each) => each.metric === fault.metric);
  if (metric === undefined || batch < telemetry.openBatch) return;
  if (metric.fault !== undefined && metric.fault.batch >= batch) return;
  metric.fault = { batch, server, code, text };
}

function cellOf({ open }: CountedMetric, item: CountedItem & { readonly batch: number }) {
  return open.find(
    ({ batch, stage, arm }) => batch === item.batch && stage === item.stage && arm === item.arm,
  );
}

/**
 * What the judge takes without complaint, also when many batches add up. More bad requests than requests are
 * no count; a single value may be larger than its 1.
 */
function isCount({ exposure, events }: CountedItem, { source }: CountedMetric): boolean {
  const isValue = source.type === 'prometheus' && 'value' in source.queries;
  const fits = [exposure, events].every((figure) => figure >= 0 && figure <= LARGEST_COUNT);
  return fits && (isValue || events <= exposure);
}
