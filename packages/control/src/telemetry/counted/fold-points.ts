import { batchEndingAfter } from '../rollout/batches.ts';
import { couldServe } from '../rollout/history.ts';
import type { RolloutTelemetry } from '../rollout/types.ts';
import { entryDuring } from './entry-during.ts';
import type { CountedMetric, SeriesCounts } from './state.ts';
import type { CountedItem, CountedPoint } from './types.ts';

/** Who told a point, and when. */
interface PointSource {
  /** Name of the process. */
  readonly sender: string;
  /** False where several processes may share the name. */
  readonly isNamed: boolean;
  /** What is to be added to the times of its clock. */
  readonly placeMs: number;
  /** The row's. */
  readonly atMs: number;
}

/** Series remembered per metric. */
const MAX_SERIES = 20_000;
/** Exports of a series remembered: one of them that comes again counts once. */
const MAX_SEEN = 32;
const FORGOTTEN_MS = 3_600_000;

/**
 * The requests that a point of an instrument adds to a metric; undefined where it adds none. A point counts once,
 * whoever sends it again, since what was counted of its series is part of the fold (invariants 7 and 8). It
 * counts in the batch in which it ends, and nowhere when the stage changed within it.
 */
export function itemOfPoint(
  telemetry: RolloutTelemetry,
  point: CountedPoint,
  source: PointSource,
): CountedItem | undefined {
  const { counted } = telemetry;
  const metric = counted.metrics.find((each) => each.metric === point.metric);
  if (metric?.source.type !== 'otlp') return undefined;
  const added = addedBy(metric, point, source);
  noteCollection(metric, point, source);
  if (added === undefined || added.exposure === 0) return undefined;
  const toMs = Math.min(point.timeMs + source.placeMs, source.atMs);
  const fromMs = Math.min(added.fromMs + source.placeMs, toMs);
  const entry = entryDuring(telemetry, fromMs, toMs);
  if (entry === undefined) return undefined;
  if (!couldServe(entry, point.arm)) {
    counted.dropped.impossible += added.exposure;
    return undefined;
  }
  return {
    rollout: telemetry.id,
    metric: point.metric,
    arm: point.arm,
    stage: entry.stage,
    fromMs,
    toMs,
    batch: batchEndingAfter(telemetry, toMs),
    exposure: added.exposure,
    events: added.events,
  };
}

interface Added {
  readonly fromMs: number;
  readonly exposure: number;
  readonly events: number;
}

function addedBy(
  metric: CountedMetric,
  point: CountedPoint,
  source: PointSource,
): Added | undefined {
  const all = (metric.series ??= {});
  const known = all[point.series];
  if (known === undefined && (metric.seriesCount ?? 0) >= MAX_SERIES) {
    noteTooMany(metric, { batch: metric.readBatch + 1, sender: source.sender });
    return undefined;
  }
  const added = point.cumulative
    ? ofCumulative(metric, { point, known }, source)
    : ofDelta(point, known);
  if (added === 'repeated') return undefined;
  if (known === undefined) metric.seriesCount = (metric.seriesCount ?? 0) + 1;
  all[point.series] = {
    heardMs: source.atMs,
    timeMs: point.timeMs,
    exposure: point.exposure,
    events: point.events,
    ...(point.cumulative ? {} : { seen: seenWith(point, known) }),
  };
  return added === 'unknown' ? undefined : added;
}

function noteTooMany(metric: CountedMetric, at: { batch: number; sender: string }): void {
  const { batch, sender: server } = at;
  const text = `it has more than ${MAX_SERIES} series, which are not told apart.`;
  metric.fault = { batch, server, code: 'many_series', text };
}

function ofDelta(point: CountedPoint, known: SeriesCounts | undefined): Added | 'repeated' {
  const { startMs, timeMs, exposure, events } = point;
  const isSame = (seen: readonly number[]) =>
    seen[0] === startMs && seen[1] === timeMs && seen[2] === exposure;
  if (known?.seen?.some(isSame) === true) return 'repeated';
  return { fromMs: startMs > 0 ? startMs : timeMs, exposure, events };
}

function seenWith(point: CountedPoint, known: SeriesCounts | undefined): (readonly number[])[] {
  const seen = [...(known?.seen ?? []), [point.startMs, point.timeMs, point.exposure]];
  return seen.slice(-MAX_SEEN);
}

/**
 * What a running total adds. Totals only grow, so a higher one is newer, whatever the clock says: it may have been
 * set back. A lower one is older, or the process counts anew. Of a total that is seen for the first time nobody
 * knows when it came about, unless the process was heard before it had one.
 */
function ofCumulative(
  metric: CountedMetric,
  { point, known }: { readonly point: CountedPoint; readonly known: SeriesCounts | undefined },
  { sender, isNamed }: PointSource,
): Added | 'repeated' | 'unknown' {
  const { startMs, timeMs, exposure, events } = point;
  if (known !== undefined) {
    const isOld = exposure <= known.exposure && timeMs <= known.timeMs;
    if (isOld) return 'repeated';
    const fromMs = Math.min(known.timeMs, timeMs);
    if (exposure < known.exposure) return { fromMs, exposure, events };
    return {
      fromMs,
      exposure: exposure - known.exposure,
      events: Math.max(0, events - known.events),
    };
  }
  const heard = isNamed ? metric.collections?.[sender] : undefined;
  const heardMs = heard && (heard.timeMs < timeMs ? heard.timeMs : heard.beforeMs);
  if (heardMs !== undefined && heardMs >= startMs) return { fromMs: heardMs, exposure, events };
  // Of what an earlier release counted itself, nothing is known here.
  if (startMs <= (metric.itemsThroughMs ?? 0)) return 'unknown';
  return { fromMs: startMs, exposure, events };
}

/** When a process last exported the instrument, and when before: series that are new were at zero by then. */
function noteCollection(
  metric: CountedMetric,
  { timeMs }: CountedPoint,
  { sender, isNamed, atMs }: PointSource,
): void {
  if (!isNamed) return;
  const collections = (metric.collections ??= {});
  const known = collections[sender];
  const isSame = known?.timeMs === timeMs;
  const beforeMs = isSame ? known.beforeMs : known?.timeMs;
  const before = beforeMs === undefined ? {} : { beforeMs };
  collections[sender] = { heardMs: atMs, timeMs, ...before };
}

/** An earlier release found out itself what points of an instrument add: nobody knows what of it was counted. */
export function noteEarlierRelease({ counted }: RolloutTelemetry, item: CountedItem): void {
  const metric = counted.metrics.find((each) => each.metric === item.metric);
  if (metric?.source.type !== 'otlp' || metric.source.instrument === undefined) return;
  metric.itemsThroughMs = Math.max(metric.itemsThroughMs ?? 0, item.toMs);
}

/** Forgets series of processes that are gone. */
export function forgetOldSeries(metric: CountedMetric, nowMs: number): void {
  const { series = {}, collections = {} } = metric;
  for (const [key, { heardMs }] of Object.entries(series)) {
    if (nowMs - heardMs > FORGOTTEN_MS) delete series[key];
  }
  for (const [key, { heardMs }] of Object.entries(collections)) {
    if (nowMs - heardMs > FORGOTTEN_MS) delete collections[key];
  }
  metric.seriesCount = Object.keys(series).length;
}
