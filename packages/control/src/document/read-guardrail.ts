import { PLAN_DEFAULTS } from '../plan/defaults.ts';
import type { BudgetPlan, Guardrail, SuccessCriterion } from '../plan/types.ts';
import { numberOf, objectOf, oneOf, type Reader, type ValueOf } from './reader.ts';
import { readLength, readName, readQuantile, readRatio } from './readers.ts';

/** Of a mean the margin is in the metric's unit; what fits which metric is checked with its definition. */
export const LARGEST_MARGIN = 1e12;
const readMargin = objectOf(
  {},
  { relative: readRatio, absolute: numberOf({ least: 0, most: LARGEST_MARGIN }) },
);

/** A guardrail or signal whose weight may still have to be filled in. */
export const readGuardrail = objectOf(
  { metric: readName, margin: readMargin },
  {
    quantile: readQuantile,
    worse: oneOf('higher', 'lower'),
    weight: numberOf({ least: 0, most: 1 }),
    budget: objectOf(
      { objective: readRatio },
      { window: readLength, then: oneOf('hold', 'rollback') },
    ),
  },
);

const readSuccessShape = objectOf(
  { metric: readName, better: oneOf('higher', 'lower'), by: objectOf({ relative: readRatio }, {}) },
  {},
);

export const readSuccess: Reader<SuccessCriterion> = readSuccessShape;

/** Guardrails with their defaults; those without a weight share evenly what the others leave. */
export function withWeights(
  shapes: readonly ValueOf<typeof readGuardrail>[],
): readonly Guardrail[] {
  const given = shapes.reduce((sum, { weight }) => sum + (weight ?? 0), 0);
  const open = shapes.filter(({ weight }) => weight === undefined).length;
  const share = open === 0 ? 0 : Math.max(0, 1 - given) / open;
  return shapes.map(({ metric, quantile, worse, margin, weight = share, budget }) => ({
    metric,
    ...(quantile === undefined ? {} : { quantile }),
    ...(worse === undefined ? {} : { worse }),
    margin: { relative: margin.relative ?? 0, absolute: margin.absolute ?? 0 },
    weight,
    ...(budget === undefined ? {} : { budget: budgetOf(budget) }),
  }));
}

type BudgetShape = NonNullable<ValueOf<typeof readGuardrail>['budget']>;

function budgetOf({ objective, window, then }: BudgetShape): BudgetPlan {
  const usual = PLAN_DEFAULTS.budget;
  return { objective, windowMs: window ?? usual.windowMs, then: then ?? usual.then };
}
