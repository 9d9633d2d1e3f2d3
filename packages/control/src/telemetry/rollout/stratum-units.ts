import type { UnitRecord } from './units/unit-record.ts';

/** Units of a stratum in a batch. */
export interface StratumUnits {
  control: number;
  treatment: number;
  /** Those of treatment that an earlier stage had in treatment already. */
  carried: number;
}

export function noUnits(): StratumUnits {
  return { control: 0, treatment: 0, carried: 0 };
}

export function addUnit(units: StratumUnits, { arm, treatedBefore }: UnitRecord): void {
  units[arm] += 1;
  if (arm === 'treatment' && treatedBefore) units.carried += 1;
}
