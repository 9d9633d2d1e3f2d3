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
    return `${arms}; ${changed(estimate - 1)} on average, between ${ends} with 99 % certainty`;
  }
  if (difference !== null) {
    const { estimate, lower, upper } = difference;
    return `${arms}; the difference is ${figureText(estimate)}, between ${figureText(lower)} and ${figureText(upper)} with 99 % certainty`;
  }
  return `${arms}; not enough units in both arms to tell them apart yet`;
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
