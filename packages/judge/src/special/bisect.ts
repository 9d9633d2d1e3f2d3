/** Where to look for the root of a function that changes its sign exactly once. */
interface Bracket {
  readonly low: number;
  readonly high: number;
}

/**
 * The root of `signed` between `low` and `high`, to the last bits of a double. The sign at `low` decides
 * the direction; without a change of sign the end that is nearer to it is returned.
 */
export function bisect(signed: (x: number) => number, { low, high }: Bracket): number {
  const startsPositive = signed(low) > 0;
  let left = low;
  let right = high;
  for (let step = 0; step < 200; step += 1) {
    const middle = left + (right - left) / 2;
    if (middle === left || middle === right) break;
    if (signed(middle) > 0 === startsPositive) left = middle;
    else right = middle;
  }
  return left + (right - left) / 2;
}

/** Where a function with a single valley between `low` and `high` is least (golden section). */
export function leastPoint(valley: (x: number) => number, { low, high }: Bracket): number {
  const golden = (Math.sqrt(5) - 1) / 2;
  let left = low;
  let right = high;
  for (let step = 0; step < 80; step += 1) {
    const span = golden * (right - left);
    if (valley(right - span) <= valley(left + span)) right = left + span;
    else left = right - span;
  }
  return left + (right - left) / 2;
}
