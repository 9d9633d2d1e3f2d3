/** Below this the closed form loses more digits than the series leaves out. */
const SERIES_BELOW = 0.03;

/** (1 + x) ln(1 + x) - x for x >= -1: never negative, about x^2 / 2 near 0, 1 at x = -1. */
export function entropyGap(x: number): number {
  if (x === -1) return 1;
  if (Math.abs(x) >= SERIES_BELOW) return (1 + x) * Math.log1p(x) - x;
  // Sum over k >= 2 of (-x)^k / (k (k - 1)).
  let sum = 0;
  for (let k = 12; k >= 2; k--) sum = 1 / (k * (k - 1)) - x * sum;
  return x * x * sum;
}
