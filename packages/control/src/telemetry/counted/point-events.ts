import type { OtlpSource } from '../../metric/source.ts';
import type { ExponentialBuckets, ToldPoint } from './types.ts';

/** An edge further above the limit than so many times would call most slow requests fast. */
const FARTHEST_EDGE = 2;
/** Edges of this scale lie 9 % apart, and are edges of every finer scale too: so one limit is that of all points. */
const COARSEST_SCALE = 3;

/** The bad requests of a point, or a sentence that says why it cannot tell them (invariant 5). */
export function eventsOf(
  point: ToldPoint,
  { of, aboveMs = Infinity }: OtlpSource,
): number | string {
  if (of === 'errors') return point.failed ? point.count : 0;
  if (point.count === 0) return 0;
  if (point.unitProblem !== undefined) return point.unitProblem;
  return point.exponential === undefined
    ? slowByEdges(point, aboveMs)
    : slowByScale(point.exponential, aboveMs);
}

/**
 * Requests in buckets that lie above the limit whole: it is rounded up to the next edge. Where no edge is near, or
 * no bucket came, no request could ever be slow, which is no health.
 */
function slowByEdges({ buckets, boundsMs }: ToldPoint, aboveMs: number): number | string {
  if (boundsMs.length === 0) return 'it has no buckets, so nothing in it is known to be slow.';
  const canTell = boundsMs.some(
    (boundMs) => boundMs >= aboveMs && boundMs <= FARTHEST_EDGE * aboveMs,
  );
  if (!canTell) {
    return `no edge of its buckets lies between ${aboveMs} ms and ${FARTHEST_EDGE * aboveMs} ms.`;
  }
  if (buckets.length !== boundsMs.length + 1) return 'its buckets are not those of its edges.';
  return buckets.reduce((sum, count, index) => {
    const lowerMs = index === 0 ? -Infinity : (boundsMs[index - 1] ?? Infinity);
    return lowerMs >= aboveMs ? sum + count : sum;
  }, 0);
}

/**
 * The same of an exponential histogram, whose edges are powers of 2^(2^-scale). The scale of a series changes
 * by itself. So the limit is rounded up to an edge of `COARSEST_SCALE`, which every finer one has: all
 * points, of both arms, are held against the same limit. Arithmetic of indices is exact.
 * (OpenTelemetry, Metrics Data Model, "Exponential Scale" and "Perfect subsetting".)
 */
function slowByScale(
  { scale, offset, counts, unitMs, zeroMs }: ExponentialBuckets,
  aboveMs: number,
): number | string {
  if (scale < COARSEST_SCALE) {
    return `its buckets are too coarse (scale ${scale}; ${COARSEST_SCALE} and finer can be read).`;
  }
  if (zeroMs >= aboveMs) return `its zero bucket reaches to ${zeroMs} ms.`;
  const edge = Math.ceil(Math.log2(aboveMs / unitMs) * 2 ** COARSEST_SCALE - 1e-9);
  const firstSlow = edge * 2 ** (scale - COARSEST_SCALE);
  return counts.reduce((sum, count, index) => (offset + index >= firstSlow ? sum + count : sum), 0);
}
