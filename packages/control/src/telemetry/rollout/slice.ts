import { type Cohort, countEarly, relist } from './cohort.ts';
import { slicePlace } from './slice-dimension.ts';
import { surplusCohort, thinnedDimension, thinningOf } from './surplus.ts';
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
 * Thins until the units fit: of the value that has the most, half; without values to tell apart, half of
 * all. Whether a unit stays hangs on its hash and its value alone, and how far a value is thinned on how many
 * came: on no arm and no outcome. Batches already closed keep what they counted: it is a random sample
 * before and after.
 */
export function narrowSlice(telemetry: RolloutTelemetry, maxUnits: number): void {
  while (unitsKept(telemetry) > maxUnits) {
    const dimension = thinnedDimension(telemetry);
    if (dimension < 0) telemetry.slice += 1;
    else thinLargest(telemetry, dimension);
    for (const cohort of telemetry.cohorts.values()) narrowCohort(telemetry, cohort);
    for (const cohort of telemetry.surplus.cohorts.values()) {
      cohort.units = cohort.units.retained(
        ({ high, slices }) =>
          !isInside(high, telemetry.slice) && isInside(high, thinningOf(telemetry, slices)),
      );
      relist(cohort, timingOf(telemetry));
    }
  }
}

/** All units are as thin as the thinnest value, so that they take every value alike. */
function thinLargest(telemetry: RolloutTelemetry, dimension: number): void {
  const { levels, cohorts } = telemetry.surplus;
  const kept: number[] = [];
  for (const { units } of [...telemetry.cohorts.values(), ...cohorts.values()]) {
    for (const { slices } of units.values()) {
      const place = slicePlace(slices, dimension);
      while (kept.length <= place) kept.push(0);
      kept[place] = (kept[place] ?? 0) + 1;
    }
  }
  const largest = kept.indexOf(Math.max(...kept));
  while (levels.length <= largest) levels.push(0);
  levels[largest] = (levels[largest] ?? 0) + 1;
  telemetry.slice = Math.max(telemetry.slice, ...levels);
}

/** What leaves the slice goes on beside it where its value is kept. */
function narrowCohort(telemetry: RolloutTelemetry, cohort: Cohort): void {
  cohort.units = cohort.units.retained((record) => {
    if (isInside(record.high, telemetry.slice)) return true;
    cohort.counts[record.arm] -= 1;
    countEarly(cohort, record, -1);
    if (record.contradicted) cohort.contradicted -= 1;
    const goesOn = cohort.open && cohort.stage >= 0;
    if (goesOn && isInside(record.high, thinningOf(telemetry, record.slices))) {
      surplusCohort(telemetry, cohort).units.add(record);
    }
    return false;
  });
  relist(cohort, timingOf(telemetry));
}

function unitsKept({ cohorts, surplus }: RolloutTelemetry): number {
  let kept = 0;
  for (const { units } of cohorts.values()) kept += units.size;
  for (const { units } of surplus.cohorts.values()) kept += units.size;
  return kept;
}
