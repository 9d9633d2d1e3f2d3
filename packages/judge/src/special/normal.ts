const LN_2_PI = Math.log(2 * Math.PI);

/** Below this the continued fraction of the tail takes over from the series around 0. */
const TAIL = -3;

/**
 * ln of the standard normal distribution function at z, for every finite z: no underflow far out in the
 * lower tail, where Phi(z) itself is 0 in double arithmetic. Relative error of Phi below 1e-12.
 */
export function logNormalCdf(z: number): number {
  if (z < TAIL) return logScaledNormalCdf(z) - 0.5 * z * z;
  if (z > -TAIL) return Math.log1p(-Math.exp(logNormalCdf(-z)));
  return Math.log(0.5 + seriesAroundZero(z));
}

/**
 * ln(Phi(z) exp(z^2 / 2)): what one-sided normal mixtures need. Taken as one function, because far below 0
 * the two parts cancel to a few digits of a number of any size.
 */
export function logScaledNormalCdf(z: number): number {
  if (z < TAIL) return Math.log(millsRatio(-z)) - 0.5 * LN_2_PI;
  return logNormalCdf(z) + 0.5 * z * z;
}

/** The standard normal distribution function. */
export function normalCdf(z: number): number {
  return Math.exp(logNormalCdf(z));
}

/**
 * (1 - Phi(x)) / phi(x) for x >= 3: 1/(x + 1/(x + 2/(x + 3/(x + ...)))), from the inside out.
 * Source: Abramowitz and Stegun 26.2.14. 80 levels reach double precision at x = 3.
 */
function millsRatio(x: number): number {
  let inner = x;
  for (let level = 80; level >= 1; level -= 1) inner = x + level / inner;
  return 1 / inner;
}

/** Phi(z) - 1/2 = phi(z) (z + z^3/3 + z^5/15 + ...). Source: Abramowitz and Stegun 26.2.11. */
function seriesAroundZero(z: number): number {
  let term = z;
  let sum = z;
  for (let odd = 3; Math.abs(term) > 1e-17 * Math.abs(sum); odd += 2) {
    term *= (z * z) / odd;
    sum += term;
  }
  return sum * Math.exp(-0.5 * (z * z + LN_2_PI));
}
