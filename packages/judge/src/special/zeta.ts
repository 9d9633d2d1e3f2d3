/** Terms summed before the Euler-Maclaurin tail takes over; four tail terms then give 1e-14. */
const TERMS = 24;

/** The Riemann zeta function for s > 1. Source: Euler-Maclaurin, Abramowitz and Stegun 23.2.3. */
export function zeta(s: number): number {
  let sum = 0;
  for (let k = 1; k < TERMS; k += 1) sum += k ** -s;
  const edge = TERMS ** -s;
  const square = TERMS * TERMS;
  const slope = (s * edge) / TERMS;
  const third = (slope * (s + 1) * (s + 2)) / square;
  const fifth = (third * (s + 3) * (s + 4)) / square;
  return sum + (TERMS * edge) / (s - 1) + edge / 2 + slope / 12 - third / 720 + fifth / 30240;
}
