import { figureText } from '../../words/figures.ts';
import type { MeanTotals } from '../assessment.ts';

/** What the figures of a mean say, without its name. */
export function meanSentence(totals: MeanTotals): string {
  const { treatment, control, ratio, difference } = totals;
  if (treatment.units === 0) return 'no treatment unit has been counted yet';
  const there = `${figureText(treatment.mean)} on average over ${treatment.units} treatment units`;
  if (control.units === 0) return `${there}; there is no control to compare with`;
  const arms = `${there} against ${figureText(control.mean)} over ${control.units} in control`;
  if (ratio !== null) {
    const { estimate, lower, upper } = ratio;
    const ends = `${signed(lower - 1)} and ${signed(upper - 1)}`;
    const sure = { below: upper < 1, above: lower > 1 };
    return `${arms}; ${direction(totals.worse, sure)}${changed(estimate - 1)} on average, between ${ends} with 99 % certainty`;
  }
  if (difference !== null) {
    const { estimate, lower, upper } = difference;
    const sure = { below: upper < 0, above: lower > 0 };
    return `${arms}; ${direction(totals.worse, sure)}the difference is ${figureText(estimate)}, between ${figureText(lower)} and ${figureText(upper)} with 99 % certainty`;
  }
  if (totals.noSpread) {
    return `${arms}; every unit of an arm has the same value, so there is no spread to tell a difference by: no evidence that it is no worse`;
  }
  return `${arms}; not enough units in both arms to tell them apart yet`;
}

/** Whether it is for better or worse, where the bounds leave no doubt. */
function direction(
  worse: MeanTotals['worse'],
  { below, above }: { readonly below: boolean; readonly above: boolean },
): string {
  if (!below && !above) return '';
  return (worse === 'higher') === above ? 'treatment is worse: ' : 'treatment is better: ';
}

function changed(share: number): string {
  return `${percent(Math.abs(share))} ${share >= 0 ? 'higher' : 'lower'}`;
}

function signed(share: number): string {
  if (!Number.isFinite(share)) return 'no bound';
  return `${share >= 0 ? '+' : '-'}${percent(Math.abs(share))}`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
