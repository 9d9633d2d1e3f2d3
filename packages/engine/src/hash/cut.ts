import { murmur3 } from './murmur3.ts';

export const MILLION = 1_000_000;

/**
 * floor(hash * total / 2^32) for an unsigned 32-bit `hash` and `0 <= total < 2^31`: flagd's way of
 * cutting a hash into `total` equal buckets. Exact without 64-bit integers: with hash = high * 2^16 + low,
 * every intermediate value stays below 2^47 + 2^31.
 */
export function cut(hash: number, total: number): number {
  const high = hash >>> 16;
  const low = hash & 0xffff;
  return Math.floor((high * total + Math.floor((low * total) / 65536)) / 65536);
}

/**
 * The least number above every hash with `cut(hash, total) < share`, so that `hash < cutThreshold(…)`
 * says the same without arithmetic per unit. It is ceil(share * 2^32 / total), by long division in
 * two digits of 16 bits; 0 when the share or the total is zero, 2^32 when the share is the whole.
 */
export function cutThreshold(share: number, total: number): number {
  if (share <= 0 || total <= 0) return 0;
  if (share >= total) return 4294967296;
  const high = Math.floor((share * 65536) / total);
  const rest = (share * 65536) % total;
  const low = Math.floor((rest * 65536) / total);
  return high * 65536 + low + ((rest * 65536) % total > 0 ? 1 : 0);
}

/** Which of a million buckets a unit is in, for a salt. Shares per million are compared with it. */
export function bucketOf(salt: string, unit: string): number {
  return cut(murmur3(salt + unit), MILLION);
}
