/** How often something happened, with its 95 % interval. */
export interface Share {
  readonly count: number;
  readonly of: number;
  readonly share: number;
  readonly low: number;
  readonly high: number;
}

/** Quantile of the standard normal at 97.5 %. */
const Z = 1.959963984540054;

/** Wilson's score interval, 95 % (J. Am. Stat. Assoc. 22, 1927); 0 to 1 where nothing was counted. */
export function shareOf(count: number, of: number): Share {
  if (of === 0) return { count, of, share: 0, low: 0, high: 1 };
  const share = count / of;
  const square = (Z * Z) / of;
  const centre = share + square / 2;
  const spread = Z * Math.sqrt((share * (1 - share)) / of + square / (4 * of));
  const low = count === 0 ? 0 : Math.max(0, (centre - spread) / (1 + square));
  const high = count === of ? 1 : Math.min(1, (centre + spread) / (1 + square));
  return { count, of, share, low, high };
}
