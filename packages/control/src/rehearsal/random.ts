/** A stream of numbers in [0, 1): xoshiro128**, seeded from a text, so that scenarios share no stream. */
export type Random = () => number;

export function randomOf(seed: string): Random {
  let [a = 0, b = 0, c = 0, d = 0] = spread(seed);
  const next = () => {
    const result = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotate(d, 11);
    return result;
  };
  return () => ((next() >>> 5) * 67_108_864 + (next() >>> 6)) / 9_007_199_254_740_992;
}

/** Exact draw by inversion: from 0 where few are expected, else outwards from the most likely number. */
export function binomial(random: Random, count: number, chance: number): number {
  if (count <= 0 || chance <= 0) return 0;
  if (chance >= 1) return count;
  if (chance > 0.5) return count - binomial(random, count, 1 - chance);
  const odds = chance / (1 - chance);
  const up = (at: number) => ((count - at) / (at + 1)) * odds;
  if (count * chance < 10) {
    return fromZero(random, { none: Math.exp(count * Math.log1p(-chance)), up, most: count });
  }
  const mode = Math.floor((count + 1) * chance);
  const log =
    logFactorial(count) -
    logFactorial(mode) -
    logFactorial(count - mode) +
    mode * Math.log(chance) +
    (count - mode) * Math.log1p(-chance);
  return outwards(random, { mode, atMode: Math.exp(log), up, most: count });
}

export function poisson(random: Random, mean: number): number {
  if (mean <= 0) return 0;
  const up = (at: number) => mean / (at + 1);
  if (mean < 10) return fromZero(random, { none: Math.exp(-mean), up, most: 1_000 });
  const mode = Math.floor(mean);
  const atMode = Math.exp(mode * Math.log(mean) - mean - logFactorial(mode));
  return outwards(random, { mode, atMode, up, most: Number.MAX_SAFE_INTEGER });
}

/** 1, 2, 3, ... with this mean. */
export function geometric(random: Random, mean: number): number {
  if (mean <= 1) return 1;
  return 1 + Math.floor(Math.log1p(-random()) / Math.log1p(-1 / mean));
}

/** Splits a number over shares that sum to 1. */
export function multinomial(random: Random, count: number, shares: readonly number[]): number[] {
  let left = count;
  let rest = 1;
  return shares.map((share, index) => {
    const drawn =
      index === shares.length - 1 ? left : binomial(random, left, Math.min(1, share / rest));
    left -= drawn;
    rest = Math.max(1e-12, rest - share);
    return drawn;
  });
}

interface Law {
  /** P(at + 1) / P(at). */
  readonly up: (at: number) => number;
  readonly most: number;
}

function fromZero(random: Random, { none, up, most }: Law & { readonly none: number }): number {
  let left = random();
  let chance = none;
  for (let at = 0; at < most; at++) {
    left -= chance;
    if (left < 0) return at;
    chance *= up(at);
    if (chance < 1e-18 && left < 1e-12) return at;
  }
  return most;
}

function outwards(
  random: Random,
  { mode, atMode, up, most }: Law & { readonly mode: number; readonly atMode: number },
): number {
  let left = random() - atMode;
  let [low, high, below, above] = [mode, mode, atMode, atMode];
  while (left >= 0) {
    if (below < 1e-18 && above < 1e-18) return mode;
    if (high < most) {
      above *= up(high);
      high += 1;
      left -= above;
      if (left < 0) return high;
    } else above = 0;
    if (low > 0) {
      low -= 1;
      below /= up(low);
      left -= below;
      if (left < 0) return low;
    } else below = 0;
  }
  return mode;
}

const FACTORIALS: number[] = [0];
for (let k = 1; k < 1_024; k++) FACTORIALS.push((FACTORIALS[k - 1] ?? 0) + Math.log(k));

/** Stirling's series, whose error is below 1e-13 from 1,024 on. */
function logFactorial(count: number): number {
  const known = FACTORIALS[count];
  if (known !== undefined) return known;
  const n = count + 1;
  return (n - 0.5) * Math.log(n) - n + 0.5 * Math.log(2 * Math.PI) + 1 / (12 * n);
}

function rotate(value: number, by: number): number {
  return ((value << by) | (value >>> (32 - by))) >>> 0;
}

/** Four words that are never all 0 (FNV-1a and the finalizer of MurmurHash3). */
function spread(seed: string): number[] {
  let hash = 0x811c9dc5;
  for (let at = 0; at < seed.length; at++) {
    hash = Math.imul(hash ^ seed.charCodeAt(at), 0x01000193) >>> 0;
  }
  return [1, 2, 3, 4].map((word) => {
    let mixed = (hash + Math.imul(word, 0x9e3779b9)) >>> 0;
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return ((mixed ^ (mixed >>> 16)) >>> 0) | (word === 1 ? 1 : 0);
  });
}
