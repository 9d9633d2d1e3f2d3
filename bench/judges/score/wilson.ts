const Z = 1.959963984540054;

export interface Interval {
  readonly share: number;
  readonly lower: number;
  readonly upper: number;
}

/** A share with its 95 % interval (E. B. Wilson, J. Am. Stat. Assoc. 22, 1927). */
export function wilson(count: number, runs: number): Interval {
  if (runs === 0) return { share: 0, lower: 0, upper: 1 };
  const share = count / runs;
  const square = Z * Z;
  const centre = (share + square / (2 * runs)) / (1 + square / runs);
  const half =
    (Z / (1 + square / runs)) *
    Math.sqrt((share * (1 - share)) / runs + square / (4 * runs * runs));
  return { share, lower: Math.max(0, centre - half), upper: Math.min(1, centre + half) };
}
