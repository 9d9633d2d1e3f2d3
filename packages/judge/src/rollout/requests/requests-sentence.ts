import { figureText, percentText } from '../../words/figures.ts';
import type { RequestsTotals } from '../assessment.ts';
import { comparison } from '../ratio-words.ts';

/** What the figures of requests say, without their name. They are never more than approximate. */
export function requestsSentence(totals: RequestsTotals): string {
  if (totals.values) return `approximate, one figure per batch: ${toldAsValues(totals)}`;
  return `approximate, by request: ${told(totals)}`;
}

function toldAsValues({ treatment, control, ratio }: RequestsTotals): string {
  if (treatment.exposure === 0) return 'none of treatment yet';
  const there = `${average(treatment)} on average in treatment`;
  if (control.exposure === 0) return `${there}; there is no control to compare with`;
  const times = ratio.estimate === null ? '' : `; ${ratio.estimate.toFixed(2)} times control`;
  return `${there} against ${average(control)} in control${times}; only the spread between batches is believed`;
}

function average({ events, exposure }: RequestsTotals['treatment']): string {
  return figureText(events / exposure);
}

function told({ treatment, control, ratio, excessEvents, clustered }: RequestsTotals): string {
  if (treatment.exposure === 0) return 'no treatment request has been counted yet';
  if (control.exposure === 0) {
    return `${figureText(treatment.events)} of ${figureText(treatment.exposure)} treatment requests are bad; there is no control to compare with`;
  }
  const rates = `bad are ${rate(treatment)} in treatment against ${rate(control)} in control`;
  const more = Math.round(excessEvents);
  const harmed = more > 0 ? `; ${more} more than control would have had` : '';
  if (!clustered) return `${rates}; ${comparison(ratio)}${harmed}`;
  const times = ratio.estimate === null ? '' : `; ${ratio.estimate.toFixed(1)} times as often`;
  return `${rates}${times}; they come in clusters, so only the spread between batches is believed${harmed}`;
}

function rate({ events, exposure }: RequestsTotals['treatment']): string {
  return `${percentText(events / exposure)} of ${figureText(exposure)}`;
}
