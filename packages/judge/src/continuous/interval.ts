import { requireAlpha } from '../error/require.ts';
import { bisect } from '../special/bisect.ts';
import { bestRho } from '../uniform/best-rho.ts';
import { mixtureBound } from '../uniform/mixture.ts';
import { twoSidedNormalMixture } from '../uniform/normal-mixture.ts';
import { type ArmMoments, contrastVariance, LEAST_UNITS } from './contrast.ts';
import { informationTime } from './information-time.ts';
import { sampleVariance } from './moments.ts';

/** An estimate with a confidence sequence: at level alpha right at every look at once. */
export interface MeanInterval {
  readonly estimate: number;
  readonly lower: number;
  readonly upper: number;
}

interface IntervalOptions {
  readonly alpha: number;
  /** Standard error of the difference at which the interval is tightest, in the metric's unit. */
  readonly sharpestAt: number;
}

/**
 * m_T - m_C over all strata, for display; null before any stratum has enough units. Weighs strata by
 * precision, so it is the difference of the mean over strata only where that difference is everywhere alike.
 */
export function differenceInterval(
  strata: readonly ArmMoments[],
  options: IntervalOptions,
): MeanInterval | null {
  const total = informationTime(strata.flatMap((arms) => differences(arms, 1)));
  if (total.information === 0) return null;
  const mixture = twoSidedNormalMixture(rhoOf(options));
  const bound = mixtureBound(mixture, {
    variance: total.information,
    logThreshold: -Math.log(options.alpha),
  });
  const estimate = total.score / total.information;
  const half = bound / total.information;
  return { estimate, lower: estimate - half, upper: estimate + half };
}

/**
 * m_T / m_C over all strata, for display: every ratio that the evidence does not refute. Null before any
 * stratum has enough units, or while control's mean is not surely above 0.
 */
export function ratioInterval(
  strata: readonly ArmMoments[],
  options: IntervalOptions,
): MeanInterval | null {
  const mixture = twoSidedNormalMixture(rhoOf(options));
  const limit = -Math.log(options.alpha);
  const scoreAt = (ratio: number) =>
    informationTime(strata.flatMap((arms) => differences(arms, ratio)));
  const refuted = (ratio: number) => {
    const { score, information } = scoreAt(ratio);
    return mixture.logE(score, information) - limit;
  };
  if (scoreAt(1).information === 0 || scoreAt(0).score <= 0) return null;
  let far = 2;
  while (far < 1e6 && scoreAt(far).score > 0) far *= 2;
  if (far >= 1e6) return null;
  const estimate = bisect((ratio) => scoreAt(ratio).score, { low: 0, high: far });
  while (far < 1e6 && refuted(far) < 0) far *= 2;
  return {
    estimate,
    lower: refuted(0) > 0 ? bisect(refuted, { low: 0, high: estimate }) : 0,
    upper: far < 1e6 ? bisect(refuted, { low: estimate, high: far }) : Infinity,
  };
}

function rhoOf({ alpha, sharpestAt }: IntervalOptions): number {
  requireAlpha('alpha', alpha);
  return bestRho(1 / (sharpestAt * sharpestAt), alpha);
}

function differences({ treatment, control }: ArmMoments, ratio: number) {
  if (Math.min(treatment.count, control.count) < LEAST_UNITS) return [];
  const variance = contrastVariance(
    { count: treatment.count, variance: sampleVariance(treatment) },
    { count: control.count, variance: sampleVariance(control) },
    ratio,
  );
  return variance > 0 ? [{ difference: treatment.mean - ratio * control.mean, variance }] : [];
}
