import { JudgeInputError } from '../error/judge-input-error.ts';
import { requireAlpha, requireCount } from '../error/require.ts';
import { requireInside } from '../error/require-figure.ts';
import { logSumExp } from '../special/log-sum-exp.ts';
import { srmLogE } from './log-bayes-factor.ts';

/** First assignments under one configured share of treatment. */
export interface ShareAssignments {
  readonly share: number;
  readonly treatment: number;
  readonly control: number;
}

/** The same for one value of one dimension, such as platform = ios. */
export interface SliceAssignments {
  readonly dimension: string;
  readonly value: string;
  readonly assignments: readonly ShareAssignments[];
}

export interface DimensionalSrm {
  readonly logE: number;
  readonly limit: number;
  readonly alarm: boolean;
  /** Slices that would raise the alarm alone; the whole, as dimension and value `*`, among them. */
  readonly suspects: readonly {
    readonly dimension: string;
    readonly value: string;
    readonly logE: number;
    readonly limit: number;
    /** Share of the expected treatment units that are missing; negative where there are too many. */
    readonly treatmentDeficit: number;
  }[];
}

/** How much of alpha stays with the whole; the dimensions share the rest. */
const WHOLE_WEIGHT = 0.5;

/**
 * Sample ratio over all units and by dimension, under one alpha: half of it for the whole, the other half in
 * equal parts for the declared dimensions, and in each 1 / (j (j + 1)) for its j-th value. A mean of e-values is one
 * whatever their dependence, so slices may overlap. Values must be listed in the order in which they were
 * first seen, and keep their place: weights that follow the data would be worth nothing.
 * Throws `JudgeInputError`.
 */
export function srmByDimension(input: {
  readonly whole: readonly ShareAssignments[];
  /** Declared before the rollout. */
  readonly dimensions: readonly string[];
  readonly slices: readonly SliceAssignments[];
  readonly alpha: number;
}): DimensionalSrm {
  requireAlpha('alpha', input.alpha);
  const limit = -Math.log(input.alpha);
  const weighted = weighSlices(input);
  const rest = 1 - weighted.reduce((sum, { weight }) => sum + weight, 0);
  const logE = logSumExp([
    ...weighted.map(({ weight, evidence }) => Math.log(weight) + evidence),
    ...(rest > 1e-12 ? [Math.log(rest)] : []),
  ]);
  const suspects = weighted
    .map(({ slice, weight, evidence }) => ({
      dimension: slice.dimension,
      value: slice.value,
      logE: evidence,
      limit: limit - Math.log(weight),
      treatmentDeficit: deficitOf(slice.assignments),
    }))
    .filter((slice) => slice.logE >= slice.limit);
  return { logE, limit, alarm: logE >= limit, suspects };
}

function weighSlices(input: {
  readonly whole: readonly ShareAssignments[];
  readonly dimensions: readonly string[];
  readonly slices: readonly SliceAssignments[];
}) {
  const dimensions = input.dimensions.length;
  const seen = new Map(input.dimensions.map((dimension) => [dimension, 0]));
  const whole = { dimension: '*', value: '*', assignments: input.whole };
  const weighted = [
    { slice: whole, weight: dimensions === 0 ? 1 : WHOLE_WEIGHT, evidence: logEOf(whole) },
  ];
  for (const slice of input.slices) {
    const place = requireDeclared(seen.get(slice.dimension), slice.dimension) + 1;
    seen.set(slice.dimension, place);
    const weight = (1 - WHOLE_WEIGHT) / dimensions / (place * (place + 1));
    weighted.push({ slice, weight, evidence: logEOf(slice) });
  }
  return weighted;
}

function requireDeclared(seen: number | undefined, dimension: string): number {
  if (seen !== undefined) return seen;
  throw new JudgeInputError(
    'dimension_unknown',
    'slices',
    `dimension «${dimension}» was not declared; one of «dimensions» is accepted`,
  );
}

function logEOf({ assignments, dimension, value }: SliceAssignments): number {
  return assignments.reduce((total, { share, treatment, control }) => {
    requireInside(`${dimension}.${value}.share`, share);
    requireCount(`${dimension}.${value}.treatment`, treatment);
    requireCount(`${dimension}.${value}.control`, control);
    return total + srmLogE({ treatment, control }, share);
  }, 0);
}

function deficitOf(assignments: readonly ShareAssignments[]): number {
  let expected = 0;
  let treated = 0;
  for (const { share, treatment, control } of assignments) {
    expected += (treatment + control) * share;
    treated += treatment;
  }
  return expected === 0 ? 0 : 1 - treated / expected;
}
