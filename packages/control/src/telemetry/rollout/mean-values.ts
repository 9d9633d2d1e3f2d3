import type { Moments } from '@downhaul/judge';
import type { UnitRecord } from './units/unit-record.ts';

/** The figures of a batch's units under one hypothesis, in one stratum. */
export interface MeanValues {
  readonly control: number[];
  readonly fresh: number[];
  readonly carried: number[];
}

/** What they come to. */
export interface StratumMoments {
  readonly control: Moments;
  /** Without, and of, those that an earlier stage had in treatment already. */
  readonly fresh: Moments;
  readonly carried: Moments;
}

/** Adds a unit's figure under a hypothesis. */
export function addFigure(
  means: Map<string, MeanValues>,
  hypothesis: string,
  {
    record: { arm, treatedBefore },
    figure,
  }: { readonly record: UnitRecord; readonly figure: number },
): void {
  let values = means.get(hypothesis);
  if (values === undefined) {
    values = { control: [], fresh: [], carried: [] };
    means.set(hypothesis, values);
  }
  if (arm === 'control') values.control.push(figure);
  else (treatedBefore ? values.carried : values.fresh).push(figure);
}

/** The moments of all hypotheses. */
export function stratumMoments(
  means: ReadonlyMap<string, MeanValues>,
): Map<string, StratumMoments> {
  return new Map(
    [...means].map(([hypothesis, { control, fresh, carried }]) => [
      hypothesis,
      { control: momentsOf(control), fresh: momentsOf(fresh), carried: momentsOf(carried) },
    ]),
  );
}

/**
 * Mean and squared deviations of a batch, summed in the order of size, so that they are the same to the
 * last bit whatever the order in which units came. In two passes: nothing cancels.
 */
function momentsOf(values: number[]): Moments {
  const count = values.length;
  if (count === 0) return { count: 0, mean: 0, squaredDeviations: 0 };
  values.sort((one, other) => one - other);
  let sum = 0;
  for (const value of values) sum += value;
  const mean = sum / count;
  let squaredDeviations = 0;
  for (const value of values) squaredDeviations += (value - mean) ** 2;
  return { count, mean, squaredDeviations };
}
