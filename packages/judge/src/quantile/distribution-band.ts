import { JudgeInputError } from '../error/judge-input-error.ts';
import { requireAlpha, requireAtLeast } from '../error/require.ts';
import type { LatencyHistogram, LatencyScale } from '../latency/frozen-threshold.ts';
import { bisect, leastPoint } from '../special/bisect.ts';
import { cumulate } from './cumulative.ts';

/** The A of the band; any value above sqrt(1/2) is valid, this one is good from 10^3 to 10^6 values. */
const FACTOR = 0.85;

export interface BandSetting {
  readonly alpha: number;
  /** The band holds from this many values on, at every look at once. */
  readonly leastCount: number;
}

/** A point of the distribution with its band. */
export interface BandPoint {
  readonly upperEdgeMs: number;
  /** Share of values below that edge. */
  readonly share: number;
  readonly lower: number;
  readonly upper: number;
}

/**
 * The distribution of one arm with a band that holds for every quantile and every look at once, for the
 * chart. Weak for decisions about one quantile. Points at every bucket that holds values; empty before
 * `leastCount` values. Throws `JudgeInputError`.
 */
export function distributionBand(
  histogram: LatencyHistogram,
  scale: LatencyScale,
  setting: BandSetting,
): BandPoint[] {
  const cumulative = cumulate(histogram, 'histogram');
  if (cumulative.count < setting.leastCount) return [];
  const half = bandHalfWidth(cumulative.count, setting);
  const points: BandPoint[] = [];
  for (let bucket = 0; bucket <= cumulative.lastBucket; bucket += 1) {
    if ((histogram[bucket] ?? 0) === 0) continue;
    const share = cumulative.upTo(bucket) / cumulative.count;
    points.push({
      upperEdgeMs: scale.upperEdgeMs(bucket),
      share,
      lower: Math.max(0, share - half),
      upper: Math.min(1, share + half),
    });
  }
  return points;
}

/**
 * Half the width of the band after `count` values: A sqrt((ln(1 + ln(t / least)) + C) / t), Infinity before
 * `leastCount`. Source: Howard and Ramdas, Bernoulli 2022, theorem 2, with C solved instead of its
 * closed form.
 */
export function bandHalfWidth(count: number, { alpha, leastCount }: BandSetting): number {
  requireAtLeast('leastCount', leastCount, 1);
  if (count < leastCount) return Infinity;
  const growth = Math.log1p(Math.log(count / leastCount));
  return FACTOR * Math.sqrt((growth + bandConstant(alpha)) / count);
}

/** The smallest C for which the band's error is at most alpha. */
export function bandConstant(alpha: number): number {
  requireAlpha('alpha', alpha);
  const tooWide = (constant: number) => Math.log(alpha) - logBandError(constant);
  let high = 10;
  while (high < 1e4 && tooWide(high) < 0) high *= 2;
  if (high >= 1e4) {
    throw new JudgeInputError(
      'alpha_out_of_range',
      'alpha',
      `alpha is ${alpha}; a larger one is accepted`,
    );
  }
  return bisect(tooWide, { low: 2, high });
}

/** ln of the error bound 4 e^(-g C) (1 + 1 / ((g - 1) ln eta)), least over the epochs' growth eta. */
function logBandError(constant: number): number {
  const logError = (eta: number) => {
    const g = (2 / eta) * (FACTOR - Math.sqrt((2 * (eta - 1)) / constant)) ** 2;
    if (eta <= 1 || g <= 1) return Infinity;
    return Math.log(4) - g * constant + Math.log1p(1 / ((g - 1) * Math.log(eta)));
  };
  const widest = bisect(
    (eta) => Math.sqrt(eta / 2) + Math.sqrt((2 * (eta - 1)) / constant) - FACTOR,
    { low: 1, high: 2 * FACTOR * FACTOR },
  );
  return logError(leastPoint(logError, { low: 1, high: widest }));
}
