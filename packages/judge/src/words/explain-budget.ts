import type { BurnRate, ErrorBudget } from '../budget/error-budget.ts';
import { durationText, figureText, percentText } from './figures.ts';

/** What is left of an error budget and how fast it goes, in a sentence. */
export function explainBudget(budget: ErrorBudget): string {
  if (budget.remaining === null)
    return 'error budget: nothing was measured, so nothing is known of it';
  const state = budget.exhausted
    ? `the error budget is spent: ${budget.bad} bad events, ${figureText(budget.allowed)} were allowed`
    : `${percentText(budget.remaining)} of the error budget is left`;
  const firing = budget.burnRates.filter((rate) => rate.firing);
  return [state, ...firing.map(burnText), ...timeText(budget)].join('; ');
}

function burnText({ long, longMs, burnRate, severity }: BurnRate): string {
  const speed = `burning ${figureText(long ?? 0)} times as fast as allowed over ${durationText(longMs)}`;
  return `${speed} (${severity} from ${figureText(burnRate)})`;
}

function timeText({ exhaustedInMs, burnRates, exhausted }: ErrorBudget): string[] {
  if (exhausted || exhaustedInMs === null || (burnRates[0]?.long ?? 0) <= 1) return [];
  return [`at this rate it is spent in ${durationText(exhaustedInMs)}`];
}
