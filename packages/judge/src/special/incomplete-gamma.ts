import { stirlingRemainder } from './log-gamma.ts';

const TINY = 1e-300;
const PRECISION = 1e-16;

/** Logarithms of the two regularized incomplete gamma functions: ln P(shape, x) and ln Q = ln(1 - P). */
interface LogIncompleteGamma {
  readonly lower: number;
  readonly upper: number;
}

/**
 * ln P(shape, x) and ln Q(shape, x) for shape > 0 and x >= 0. P from its series below shape + 1, Q from
 * its continued fraction above; the other by 1 - exp, so the small one of the two is always exact.
 * Source: Abramowitz and Stegun 6.5.29 and 6.5.31.
 */
export function logIncompleteGamma(shape: number, x: number): LogIncompleteGamma {
  if (x <= 0) return { lower: -Infinity, upper: 0 };
  const front = logFront(shape, x);
  if (x < shape + 1) {
    const lower = Math.min(0, front + Math.log(lowerSeries(shape, x)));
    return { lower, upper: Math.log(-Math.expm1(lower)) };
  }
  const upper = Math.min(0, front + Math.log(upperFraction(shape, x)));
  return { lower: Math.log(-Math.expm1(upper)), upper };
}

/** ln(x^shape e^-x / Gamma(shape)), written around x = shape, where huge terms would cancel. */
function logFront(shape: number, x: number): number {
  const off = (x - shape) / shape;
  const exponent = shape * (Math.log1p(off) - off);
  return exponent + 0.5 * Math.log(shape / (2 * Math.PI)) - stirlingRemainder(shape);
}

/** Sum of x^k / (shape (shape + 1) ... (shape + k)); about sqrt(shape) terms where x is near shape. */
function lowerSeries(shape: number, x: number): number {
  let term = 1 / shape;
  let sum = term;
  for (let k = 1; term > sum * PRECISION; k += 1) {
    term *= x / (shape + k);
    sum += term;
  }
  return sum;
}

/** 1/(x + 1 - s - 1(1 - s)/(x + 3 - s - 2(2 - s)/(x + 5 - s - ...))), by Lentz's method. */
function upperFraction(shape: number, x: number): number {
  let b = x + 1 - shape;
  let c = 1 / TINY;
  let d = 1 / b;
  let fraction = d;
  for (let k = 1; k < 1_000_000; k += 1) {
    const a = -k * (k - shape);
    b += 2;
    d = 1 / awayFromZero(a * d + b);
    c = awayFromZero(b + a / c);
    fraction *= d * c;
    if (Math.abs(d * c - 1) < PRECISION) break;
  }
  return fraction;
}

function awayFromZero(value: number): number {
  return Math.abs(value) < TINY ? TINY : value;
}
