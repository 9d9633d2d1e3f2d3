/**
 * Draws of numpy.random.seed(n); numpy.random.multinomial(1, theta): the Mersenne Twister seeded with one
 * number, doubles of 53 bits, binomials of one trial by inversion. For vectors that were made with numpy.
 */
export function numpyMultinomial(seed: number, theta: readonly number[]): () => number[] {
  const uniform = mersenneTwister(seed);
  return () => {
    const counts = theta.map(() => 0);
    let left = 1;
    for (let arm = 0; arm < theta.length - 1; arm += 1) {
      const p = (theta[arm] ?? 0) / left;
      const hit = p > 0.5 ? !exceeds(uniform, 1 - p) : exceeds(uniform, p);
      if (hit) {
        counts[arm] = 1;
        return counts;
      }
      left -= theta[arm] ?? 0;
    }
    counts[theta.length - 1] = 1;
    return counts;
  };
}

/** One trial by inversion: true above the probability of nothing. */
function exceeds(uniform: () => number, p: number): boolean {
  return uniform() > Math.exp(Math.log(1 - p));
}

function mersenneTwister(seed: number): () => number {
  const words = new Uint32Array(624);
  words[0] = seed;
  for (let i = 1; i < 624; i += 1) {
    const last = words[i - 1] ?? 0;
    words[i] = Math.imul(1812433253, last ^ (last >>> 30)) + i;
  }
  let next = 624;
  const word = () => {
    if (next === 624) next = twist(words);
    let y = words[next++] ?? 0;
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  };
  return () => {
    const high = word() >>> 5;
    return (high * 67108864 + (word() >>> 6)) / 9007199254740992;
  };
}

function twist(words: Uint32Array): number {
  for (let i = 0; i < 624; i += 1) {
    const y = ((words[i] ?? 0) & 0x80000000) | ((words[(i + 1) % 624] ?? 0) & 0x7fffffff);
    words[i] = (words[(i + 397) % 624] ?? 0) ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
  }
  return 0;
}
