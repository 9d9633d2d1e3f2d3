import type { ShareTotals } from '../assessment.ts';
import { comparison } from '../ratio-words.ts';

/** What a share's figures say, without its name. */
export function shareSentence({ treatment, control, ratio, excessBad }: ShareTotals): string {
  if (treatment.units === 0) return 'no treatment unit has been counted yet';
  if (control.units === 0) {
    return `${treatment.bad} of ${treatment.units} treatment units are bad; there is no control to compare with`;
  }
  const rates = `${percent(treatment.bad, treatment.units)} of ${treatment.units} treatment units against ${percent(control.bad, control.units)} of ${control.units} in control`;
  return `bad outcomes in ${rates}; ${comparison(ratio)}${harmed(excessBad)}`;
}

function harmed(excessBad: number): string {
  const units = Math.round(excessBad);
  if (units <= 0) return '';
  return `; ${units} more bad ${units === 1 ? 'outcome' : 'outcomes'} than control would have had`;
}

function percent(part: number, whole: number): string {
  return `${((part / whole) * 100).toFixed(2)} %`;
}
