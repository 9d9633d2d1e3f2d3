import {
  type ArmSpread,
  type Contrast,
  contrastVariance,
  LEAST_UNITS,
  type NoContrast,
} from './contrast.ts';
import { marginFactors, type MeanMargin } from './margin.ts';

/** Moments of (outcome, the same unit's value before the rollout): two means, two spreads, one product. */
export interface PairedMoments {
  readonly count: number;
  readonly mean: number;
  readonly meanBefore: number;
  /** Sums of squared deviations, and of the products of both deviations. */
  readonly squaredDeviations: number;
  readonly squaredDeviationsBefore: number;
  readonly products: number;
}

/** Raw sums of one arm, as telemetry adds them up; values less a shift near their mean keep digits. */
export interface PairedSums {
  readonly count: number;
  readonly sum: number;
  readonly squares: number;
  readonly sumBefore: number;
  readonly squaresBefore: number;
  /** Sum of outcome x value before. */
  readonly products: number;
}

export interface Adjustment {
  /** Slope of the outcome on the value before, both arms pooled; 0 where nothing can be explained. */
  readonly theta: number;
  /** Share of the contrast's variance that the adjustment removed; can be slightly below 0. */
  readonly varianceRemoved: number;
}

export function pairedMomentsOf(sums: PairedSums): PairedMoments {
  const { count } = sums;
  if (count === 0) return NO_PAIRS;
  return {
    count,
    mean: sums.sum / count,
    meanBefore: sums.sumBefore / count,
    squaredDeviations: Math.max(0, sums.squares - (sums.sum * sums.sum) / count),
    squaredDeviationsBefore: Math.max(
      0,
      sums.squaresBefore - (sums.sumBefore * sums.sumBefore) / count,
    ),
    products: sums.products - (sums.sum * sums.sumBefore) / count,
  };
}

const NO_PAIRS: PairedMoments = {
  count: 0,
  mean: 0,
  meanBefore: 0,
  squaredDeviations: 0,
  squaredDeviationsBefore: 0,
  products: 0,
};

/** The moments of both sets of units together (Chan et al. 1983, with the product in the same way). */
export function mergePairedMoments(first: PairedMoments, second: PairedMoments): PairedMoments {
  if (second.count === 0) return first;
  if (first.count === 0) return second;
  const count = first.count + second.count;
  const apart = second.mean - first.mean;
  const apartBefore = second.meanBefore - first.meanBefore;
  const weight = (first.count * second.count) / count;
  return {
    count,
    mean: first.mean + (apart * second.count) / count,
    meanBefore: first.meanBefore + (apartBefore * second.count) / count,
    squaredDeviations: first.squaredDeviations + second.squaredDeviations + apart * apart * weight,
    squaredDeviationsBefore:
      first.squaredDeviationsBefore +
      second.squaredDeviationsBefore +
      apartBefore * apartBefore * weight,
    products: first.products + second.products + apart * apartBefore * weight,
  };
}

/** The slope of the outcome on the value before, both arms pooled. Source: Deng, Xu, Kohavi, Walker 2013. */
export function cupedTheta(treatment: PairedMoments, control: PairedMoments): number {
  const both = mergePairedMoments(treatment, control);
  return both.squaredDeviationsBefore > 0 ? both.products / both.squaredDeviationsBefore : 0;
}

/**
 * The contrast of a stratum with outcomes y' = y - theta (x - pooled mean of x), which removes what units
 * brought along from before. With c the margin's factor and f treatment's share of the units, the pooled
 * mean cancels into D = m_T - c m_C - theta (1 - f (1 - c)) (x_T - x_C), so that V is exact for c not 1.
 */
export function cupedContrast(
  arms: { readonly treatment: PairedMoments; readonly control: PairedMoments },
  margin: MeanMargin,
): (Contrast & Adjustment) | NoContrast {
  const { treatment, control } = arms;
  const { sign, factor, absolute } = marginFactors(margin, control.mean);
  if (Math.min(treatment.count, control.count) < LEAST_UNITS) return { skipped: 'too_few_units' };
  const theta = cupedTheta(treatment, control);
  const share = treatment.count / (treatment.count + control.count);
  const slope = theta * (1 - share * (1 - factor));
  const varianceWith = (used: number) =>
    contrastVariance(adjusted(treatment, used), adjusted(control, used / factor), factor);
  const variance = varianceWith(slope);
  if (!(variance > 0)) return { skipped: 'no_spread' };
  const apart = treatment.mean - factor * control.mean;
  return {
    difference: sign * (apart - slope * (treatment.meanBefore - control.meanBefore)) - absolute,
    variance,
    theta,
    varianceRemoved: 1 - variance / varianceWith(0),
  };
}

/** The spread of y - slope x in one arm. */
function adjusted(arm: PairedMoments, slope: number): ArmSpread {
  const deviations =
    arm.squaredDeviations - 2 * slope * arm.products + slope * slope * arm.squaredDeviationsBefore;
  return { count: arm.count, variance: Math.max(0, deviations) / (arm.count - 1) };
}
