import type { BatchCounts } from '../betting/types.ts';
import type { Quad } from './types.ts';

/** Treatment's units (or exposure) at a stage, all strata together. */
export function sumAt(totals: Readonly<Record<string, Quad>>, stage: number): number {
  const prefix = `${stage}|`;
  let sum = 0;
  for (const key in totals) if (key.startsWith(prefix)) sum += totals[key]?.[0] ?? 0;
  return sum;
}

/** Adds a batch to the totals of its stage and stratum. */
export function addQuad(totals: Record<string, Quad>, key: string, [nT, xT, nC, xC]: Quad): void {
  const sums = (totals[key] ??= [0, 0, 0, 0]);
  sums[0] += nT;
  sums[1] += xT;
  sums[2] += nC;
  sums[3] += xC;
}

/** Strata by stage, and all of them as stage -1, in the order of stages. */
export function strataByStage<Stratum>(
  totals: Readonly<Record<string, Stratum>>,
): [stage: number, strata: Stratum[]][] {
  const byStage = new Map<number, Stratum[]>();
  const all: Stratum[] = [];
  for (const [key, stratum] of Object.entries(totals)) {
    const stage = Number(key.slice(0, key.indexOf('|')));
    const strata = byStage.get(stage);
    if (strata === undefined) byStage.set(stage, [stratum]);
    else strata.push(stratum);
    all.push(stratum);
  }
  if (all.length > 0) byStage.set(-1, all);
  return [...byStage].sort(([one], [other]) => one - other);
}

export function toBatch([nT, xT, nC, xC]: Readonly<Quad>): BatchCounts {
  return { treatment: { units: nT, bad: xT }, control: { units: nC, bad: xC } };
}

/** All strata together. */
export function sumOfBatches(strata: readonly BatchCounts[]): BatchCounts {
  const treatment = { units: 0, bad: 0 };
  const control = { units: 0, bad: 0 };
  for (const stratum of strata) {
    treatment.units += stratum.treatment.units;
    treatment.bad += stratum.treatment.bad;
    control.units += stratum.control.units;
    control.bad += stratum.control.bad;
  }
  return { treatment, control };
}

/** Bad outcomes beyond what control's rate leads to expect, stratum by stratum. */
export function excessOf(strata: readonly BatchCounts[]): number {
  let excess = 0;
  for (const { treatment, control } of strata) {
    if (control.units === 0) continue;
    excess += treatment.bad - (treatment.units * control.bad) / control.units;
  }
  return excess;
}
