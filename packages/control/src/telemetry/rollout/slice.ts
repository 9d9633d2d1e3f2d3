import { type Cohort, countEarly, relist } from './cohort.ts';
import { timingOf } from './timing.ts';
import type { RolloutTelemetry } from './types.ts';

const HALF_WORD = 2 ** 32;

/**
 * Whether a unit is in the measured slice: the first 32 bits of its hash are below 2^(32 - slice).
 * The unit's hash has a seed and salt of its own, so the slice says nothing about the arm.
 */
export function isMeasured(unit: string, slice: number): boolean {
  return slice === 0 || isInside(Number.parseInt(unit.slice(0, 8), 16), slice);
}

function isInside(firstBits: number, slice: number): boolean {
  return firstBits < HALF_WORD / 2 ** slice;
}

/**
 * Halves the slice until the units fit. Which units stay depends on the units alone, not on their
 * order. Batches already closed keep what they counted: the slice is a random sample before and after.
 */
export function narrowSlice(telemetry: RolloutTelemetry, maxUnits: number): void {
  while (unitsKept(telemetry) > maxUnits) {
    telemetry.slice += 1;
    for (const cohort of telemetry.cohorts.values()) narrowCohort(telemetry, cohort);
  }
}

function narrowCohort(telemetry: RolloutTelemetry, cohort: Cohort): void {
  cohort.units = cohort.units.retained((record) => {
    if (isInside(record.high, telemetry.slice)) return true;
    cohort.counts[record.arm] -= 1;
    countEarly(cohort, record, -1);
    if (record.contradicted) cohort.contradicted -= 1;
    return false;
  });
  relist(cohort, timingOf(telemetry));
}

function unitsKept(telemetry: RolloutTelemetry): number {
  let kept = 0;
  for (const { units } of telemetry.cohorts.values()) kept += units.size;
  return kept;
}
