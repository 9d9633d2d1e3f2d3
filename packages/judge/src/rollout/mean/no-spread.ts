import { type ArmMoments, LEAST_UNITS } from '../../continuous/contrast.ts';
import { sampleVariance } from '../../continuous/moments.ts';

/** Whether there are strata with enough units, and in each of them every unit of an arm has the same value. */
export function hasNoSpread(strata: readonly ArmMoments[]): boolean {
  const told = strata.filter(
    ({ treatment, control }) => Math.min(treatment.count, control.count) >= LEAST_UNITS,
  );
  const isConstant = ({ treatment, control }: ArmMoments) =>
    sampleVariance(treatment) === 0 && sampleVariance(control) === 0;
  return told.length > 0 && told.every(isConstant);
}
