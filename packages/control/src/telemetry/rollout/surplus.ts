import { SERVICE_SLICE } from '../../plan/slices.ts';
import { type Cohort, createCohort } from './cohort.ts';
import { slicePlace } from './slice-dimension.ts';
import type { RolloutTelemetry } from './types.ts';

/** Index of the dimension whose values are thinned apart; -1 where the plan names no attribute. */
export function thinnedDimension({ dimensions }: Pick<RolloutTelemetry, 'dimensions'>): number {
  return dimensions.findIndex(({ attribute }) => attribute !== SERVICE_SLICE);
}

/** How far the value in a code of slices is thinned; as all units are, where no values are. */
export function thinningOf(telemetry: RolloutTelemetry, code: number): number {
  const dimension = thinnedDimension(telemetry);
  if (dimension < 0) return telemetry.slice;
  return telemetry.surplus.levels[slicePlace(code, dimension)] ?? 0;
}

/** The cohort beside one of a stage, made when the first unit comes. */
export function surplusCohort({ surplus }: RolloutTelemetry, beside: Cohort): Cohort {
  let cohort = surplus.cohorts.get(beside.stage);
  if (cohort === undefined) {
    cohort = createCohort(beside);
    surplus.cohorts.set(beside.stage, cohort);
  }
  return cohort;
}
