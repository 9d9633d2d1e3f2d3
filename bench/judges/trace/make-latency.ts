import { latencyBucketOf, latencyBucketUpperEdgeMs } from '@downhaul/engine';
import { P99_MS } from '../scenario/08-latency.ts';
import type { World } from '../scenario/types.ts';
import { multinomial, type Random } from './random.ts';
import { type LatencyCells, type OutcomeCells, STAGE_SHARES } from './types.ts';

/** Told apart is what a threshold at p99 may need, bucket by bucket of the product, 2 % apart. */
const FROM_MS = 550;
const TO_MS = 900;

/** Latency of every unit, and as an outcome who was slower than the usual p99. */
export function makeLatency(
  units: Int32Array,
  slower: NonNullable<World['slower']>,
  random: Random,
): { readonly cells: LatencyCells; readonly slow: OutcomeCells } {
  const buckets = tailBuckets();
  const draw = (arm: 'treatment' | 'control') => {
    const shares = sharesOf(buckets, (ms) => slower(ms, arm));
    const cells = new Int32Array(units.length * buckets.length);
    units.forEach((count, cell) => {
      cells.set(multinomial(random, count, shares), cell * buckets.length);
    });
    return cells;
  };
  const cells = { buckets, slowest0: draw('control'), slowest1: draw('treatment') };
  const usual = latencyBucketOf(P99_MS);
  const slow = (drawn: Int32Array) =>
    units.map((_, cell) =>
      buckets.reduce(
        (sum, bucket, at) =>
          bucket > usual ? sum + (drawn[cell * buckets.length + at] ?? 0) : sum,
        0,
      ),
    );
  const slow1 = slow(cells.slowest1);
  return { cells, slow: { bad0: slow(cells.slowest0), bad1: STAGE_SHARES.map(() => slow1) } };
}

function tailBuckets(): number[] {
  const buckets: number[] = [];
  const first = latencyBucketOf(FROM_MS);
  for (let bucket = first; bucket <= latencyBucketOf(TO_MS); bucket++) buckets.push(bucket);
  buckets.push(latencyBucketOf(2 * TO_MS));
  return buckets;
}

/** Each unit is put into the highest bucket of its group. */
function sharesOf(buckets: readonly number[], slower: (ms: number) => number): number[] {
  let above = 1;
  return buckets.map((bucket, at) => {
    const next = at === buckets.length - 1 ? 0 : slower(latencyBucketUpperEdgeMs(bucket));
    const share = above - next;
    above = next;
    return share;
  });
}
