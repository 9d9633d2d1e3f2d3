/** A small seeded generator (mulberry32) with the draws that simulations need. */
export interface Random {
  /** In [0, 1). */
  uniform(): number;
  binomial(n: number, p: number): number;
  poisson(mean: number): number;
}

export function seeded(seed: number): Random {
  let state = seed >>> 0;
  const uniform = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    uniform,
    binomial: (n, p) => binomial(uniform, n, p),
    poisson: (mean) => poisson(uniform, mean),
  };
}

/** By the gaps between successes, which are geometric: as many draws as there are successes. */
function binomial(uniform: () => number, n: number, p: number): number {
  if (p <= 0 || n <= 0) return 0;
  if (p >= 1) return n;
  if (p > 0.5) return n - binomial(uniform, n, 1 - p);
  const logFailure = Math.log1p(-p);
  let successes = 0;
  let at = Math.floor(Math.log(1 - uniform()) / logFailure);
  while (at < n) {
    successes += 1;
    at += 1 + Math.floor(Math.log(1 - uniform()) / logFailure);
  }
  return successes;
}

/** By products of uniforms, in pieces small enough not to underflow. */
function poisson(uniform: () => number, mean: number): number {
  let left = mean;
  let count = 0;
  while (left > 0) {
    const piece = Math.min(left, 500);
    const limit = Math.exp(-piece);
    for (let product = uniform(); product > limit; product *= uniform()) count += 1;
    left -= piece;
  }
  return count;
}
