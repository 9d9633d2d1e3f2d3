const HALF_LN_2_PI = 0.5 * Math.log(2 * Math.PI);

/**
 * What Stirling's formula leaves of ln Gamma(x): ln Gamma(x) - ((x - 0.5) ln x - x + 0.5 ln 2 pi), x > 0.
 * Absolute error below 1e-14 (asymptotic series from x = 12 on, recurrence below; Abramowitz and
 * Stegun 6.1.41). Differences of ln Gamma at huge arguments are taken in this form, because
 * ln Gamma(1e9) itself has fewer correct decimals than are needed.
 */
export function stirlingRemainder(x: number): number {
  let shift = 0;
  let at = x;
  while (at < 12) {
    // remainder(x) = remainder(x + 1) + (x + 0.5) ln(1 + 1/x) - 1
    shift += (at + 0.5) * Math.log1p(1 / at) - 1;
    at += 1;
  }
  const inverse = 1 / (at * at);
  const series =
    1 / 12 -
    inverse *
      (1 / 360 -
        inverse *
          (1 / 1260 - inverse * (1 / 1680 - inverse * (1 / 1188 - (inverse * 691) / 360360))));
  return shift + series / at;
}

/** ln Gamma(x) for x > 0. */
export function logGamma(x: number): number {
  return (x - 0.5) * Math.log(x) - x + HALF_LN_2_PI + stirlingRemainder(x);
}

/** ln B(a, b) for a, b > 0, accurate also where a and b are huge. */
export function logBeta(a: number, b: number): number {
  const sum = a + b;
  return (
    (a - 0.5) * Math.log(a / sum) +
    (b - 0.5) * Math.log(b / sum) -
    0.5 * Math.log(sum) +
    HALF_LN_2_PI +
    stirlingRemainder(a) +
    stirlingRemainder(b) -
    stirlingRemainder(sum)
  );
}
