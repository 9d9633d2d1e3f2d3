import type { Assessment, TotalsAssessment } from './types.ts';

/** One plain sentence with the figures it was made from. */
export interface Sentence {
  readonly hypothesis: string;
  readonly text: string;
  readonly totals: TotalsAssessment;
}

/** What the evidence over all stages says, for a release owner: one sentence per hypothesis. */
export function explain(assessment: Assessment): Sentence[] {
  return assessment.totals
    .filter((totals) => totals.stage === -1)
    .map((totals) => ({ hypothesis: totals.hypothesis, text: sentence(totals), totals }));
}

function sentence(totals: TotalsAssessment): string {
  const { treatment, control } = totals;
  const name = totals.hypothesis;
  if (treatment.units === 0) return `${name}: no treatment unit has been counted yet`;
  if (control.units === 0) {
    return `${name}: ${treatment.bad} of ${treatment.units} treatment units are bad; there is no control to compare with`;
  }
  const rates = `${percent(treatment.bad, treatment.units)} of ${treatment.units} treatment units against ${percent(control.bad, control.units)} of ${control.units} in control`;
  return `${name}: bad outcomes in ${rates}; ${comparison(totals)}${harmed(totals.excessBad)}`;
}

function comparison(totals: TotalsAssessment): string {
  const { estimate, lower, upper } = totals.ratio;
  if (lower > 1) {
    const times =
      estimate === null
        ? 'more often than control'
        : `${estimate.toFixed(1)} times as often as control`;
    return `treatment fails ${times}, at least ${lower.toFixed(1)} times with 99 % certainty`;
  }
  if (upper < Infinity) {
    return `treatment fails at most ${upper.toFixed(1)} times as often as control with 99 % certainty`;
  }
  return 'too few outcomes to tell them apart yet';
}

function harmed(excessBad: number): string {
  const units = Math.round(excessBad);
  if (units <= 0) return '';
  return `; ${units} more bad ${units === 1 ? 'outcome' : 'outcomes'} than control would have had`;
}

function percent(part: number, whole: number): string {
  return `${((part / whole) * 100).toFixed(2)} %`;
}
