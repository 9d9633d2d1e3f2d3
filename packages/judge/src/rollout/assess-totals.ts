import { emptyRatioCounts } from './ratio-counts.ts';
import { mantelHaenszel, ratioBounds } from './risk-ratio.ts';
import type { BatchCounts } from '../betting/types.ts';
import type { HypothesisState, TotalsAssessment } from './types.ts';

/** Confidence of the displayed intervals. */
const DISPLAY_ALPHA = 0.01;

/** Counts and risk ratio of one hypothesis by stage, and of all stages together as stage -1. */
export function assessTotals(hypothesis: HypothesisState): TotalsAssessment[] {
  const byStage = new Map<number, BatchCounts[]>();
  for (const [key, counts] of Object.entries(hypothesis.totals)) {
    const stage = Number(key.slice(0, key.indexOf('|')));
    const stratum = toBatch(counts);
    byStage.set(stage, [...(byStage.get(stage) ?? []), stratum]);
    byStage.set(-1, [...(byStage.get(-1) ?? []), stratum]);
  }
  return [...byStage]
    .sort(([one], [other]) => one - other)
    .map(([stage, strata]) => {
      const excess = excessBad(strata);
      const ratio = { estimate: mantelHaenszel(strata), ...boundsOf(hypothesis, stage) };
      return { hypothesis: hypothesis.id, stage, ...sums(strata), excessBad: excess, ratio };
    });
}

function sums(strata: readonly BatchCounts[]): BatchCounts {
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
function excessBad(strata: readonly BatchCounts[]): number {
  let excess = 0;
  for (const { treatment, control } of strata) {
    if (control.units === 0) continue;
    excess += treatment.bad - (treatment.units * control.bad) / control.units;
  }
  return excess;
}

function boundsOf({ ratios }: HypothesisState, stage: number) {
  return ratioBounds(ratios[String(stage)] ?? emptyRatioCounts(), DISPLAY_ALPHA);
}

function toBatch(counts: readonly [number, number, number, number]): BatchCounts {
  return {
    treatment: { units: counts[0], bad: counts[1] },
    control: { units: counts[2], bad: counts[3] },
  };
}
