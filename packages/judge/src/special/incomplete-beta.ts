import { logBeta } from './log-gamma.ts';

const TINY = 1e-300;
const PRECISION = 1e-16;

/**
 * ln of the regularized incomplete beta function I_x(a, b) for a, b > 0 and x from 0 to 1. The continued
 * fraction is taken on the side where it converges fast; about sqrt(max(a, b)) steps near the mean.
 * Source: Abramowitz and Stegun 26.5.8 and 26.5.2, evaluated by Lentz's method.
 */
export function logIncompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return -Infinity;
  if (x >= 1) return 0;
  const front = a * Math.log(x) + b * Math.log1p(-x) - logBeta(a, b);
  if (x < (a + 1) / (a + b + 2)) {
    return Math.min(0, front + Math.log(fraction(x, a, b)) - Math.log(a));
  }
  const other = Math.min(0, front + Math.log(fraction(1 - x, b, a)) - Math.log(b));
  return Math.log(-Math.expm1(other));
}

/** The regularized incomplete beta function, the distribution function of Beta(a, b) at x. */
export function incompleteBeta(x: number, a: number, b: number): number {
  return Math.exp(logIncompleteBeta(x, a, b));
}

function fraction(x: number, a: number, b: number): number {
  let c = 1;
  let d = 1 / awayFromZero(1 - ((a + b) * x) / (a + 1));
  let value = d;
  for (let m = 1; m < 1_000_000; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / awayFromZero(1 + even * d);
    c = awayFromZero(1 + even / c);
    value *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / awayFromZero(1 + odd * d);
    c = awayFromZero(1 + odd / c);
    value *= d * c;
    if (Math.abs(d * c - 1) < PRECISION) break;
  }
  return value;
}

function awayFromZero(value: number): number {
  return Math.abs(value) < TINY ? TINY : value;
}
