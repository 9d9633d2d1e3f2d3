const GAMMA = 1.02;
const LARGEST_MS = 120_000;

/**
 * Upper edges in milliseconds: 1, then each the one before times 1.02 in IEEE double arithmetic, the last
 * of them 120,000. Multiplied up instead of computed by a logarithm, so that every language and
 * processor gets the very same edges.
 */
const UPPER_EDGES_MS = upperEdges();

/** Buckets in all: below 1 ms, 591 between, and 120 s or more. */
export const LATENCY_BUCKET_COUNT = UPPER_EDGES_MS.length + 1;

/**
 * The bucket of a latency in milliseconds: 0 below 1 ms, then [edge, next edge) with edges 2 % apart,
 * the last from 120 s. What is no number, or negative, is in bucket 0.
 */
export function latencyBucketOf(latencyMs: number): number {
  if (!(latencyMs >= 1)) return 0;
  if (latencyMs >= LARGEST_MS) return UPPER_EDGES_MS.length;
  // The logarithm may be off by a rounding error: the edges decide.
  let bucket = Math.floor(Math.log(latencyMs) / Math.log(GAMMA)) + 1;
  while (latencyMs < lowerEdgeMs(bucket)) bucket--;
  while (latencyMs >= latencyBucketUpperEdgeMs(bucket)) bucket++;
  return bucket;
}

/** The exclusive upper edge of a bucket in milliseconds; Infinity for the last one. */
export function latencyBucketUpperEdgeMs(bucket: number): number {
  return UPPER_EDGES_MS[bucket] ?? Number.POSITIVE_INFINITY;
}

function lowerEdgeMs(bucket: number): number {
  return UPPER_EDGES_MS[bucket - 1] ?? 0;
}

function upperEdges(): readonly number[] {
  const edges: number[] = [];
  for (let edge = 1; edge < LARGEST_MS; edge *= GAMMA) edges.push(edge);
  edges.push(LARGEST_MS);
  return edges;
}
