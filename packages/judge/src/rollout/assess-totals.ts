import { riskRatio } from './risk-ratio.ts';
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
    .map(([stage, strata]) => totalsOf(hypothesis.id, stage, strata));
}

function totalsOf(
  hypothesis: string,
  stage: number,
  strata: readonly BatchCounts[],
): TotalsAssessment {
  const treatment = { units: 0, bad: 0 };
  const control = { units: 0, bad: 0 };
  let excessBad = 0;
  for (const stratum of strata) {
    treatment.units += stratum.treatment.units;
    treatment.bad += stratum.treatment.bad;
    control.units += stratum.control.units;
    control.bad += stratum.control.bad;
    if (stratum.control.units > 0) {
      const expected = (stratum.treatment.units * stratum.control.bad) / stratum.control.units;
      excessBad += stratum.treatment.bad - expected;
    }
  }
  const ratio = riskRatio(strata, DISPLAY_ALPHA);
  return { hypothesis, stage, treatment, control, excessBad, ratio };
}

function toBatch(counts: readonly [number, number, number, number]): BatchCounts {
  return {
    treatment: { units: counts[0], bad: counts[1] },
    control: { units: counts[2], bad: counts[3] },
  };
}
