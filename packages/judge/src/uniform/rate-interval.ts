import { JudgeInputError } from '../error/judge-input-error.ts';
import { requireAlpha, requireAtLeast, requireCount } from '../error/require.ts';
import { bisect } from '../special/bisect.ts';
import { betaBinomialMixture } from './beta-binomial-mixture.ts';

/** A rate with a confidence sequence. */
export interface RateInterval {
  /** Null before the first unit. */
  readonly estimate: number | null;
  readonly lower: number;
  readonly upper: number;
}

/**
 * The share of units with a bad outcome and every rate that it does not refute: at level alpha right at every
 * look at once, exact for any number of units. For a rate that does not change over time; `sharpestAt` is
 * the number of units at which it is tightest. Source: Howard et al. 2021, beta-binomial mixture.
 * Throws `JudgeInputError`.
 */
export function rateInterval(
  { units, bad }: { readonly units: number; readonly bad: number },
  options: { readonly alpha: number; readonly sharpestAt: number },
): RateInterval {
  requireCount('units', units);
  requireCount('bad', bad);
  requireAlpha('alpha', options.alpha);
  requireAtLeast('sharpestAt', options.sharpestAt, 1);
  if (bad > units) {
    throw new JudgeInputError(
      'more_bad_than_units',
      'bad',
      `bad is ${bad} of ${units} units; at most as many as there are is accepted`,
    );
  }
  if (units === 0) return { estimate: null, lower: 0, upper: 1 };
  const estimate = bad / units;
  const excess = (rate: number) => logAgainst(rate, { units, bad, ...options });
  return {
    estimate,
    lower: bad === 0 ? 0 : endOf(excess, { inside: estimate, outside: 0 }),
    upper: bad === units ? 1 : endOf(excess, { inside: estimate, outside: 1 }),
  };
}

/** Log evidence against one rate, less the limit. */
function logAgainst(
  rate: number,
  at: {
    readonly units: number;
    readonly bad: number;
    readonly alpha: number;
    readonly sharpestAt: number;
  },
): number {
  const unit = rate * (1 - rate);
  const mixture = betaBinomialMixture({
    below: rate,
    above: 1 - rate,
    atVariance: unit * at.sharpestAt,
    alpha: at.alpha,
    sides: 'two',
  });
  return mixture.logE(at.bad - rate * at.units, unit * at.units) + Math.log(at.alpha);
}

/** The nearest to 0 and 1 that a rate is tried at. */
const EDGE = 1e-12;

/** Where the evidence reaches the limit between the estimate and the end of the scale; that end if never. */
function endOf(
  excess: (rate: number) => number,
  { inside, outside }: { inside: number; outside: number },
): number {
  const from = Math.min(1 - EDGE, Math.max(EDGE, inside));
  const to = outside === 0 ? EDGE : 1 - EDGE;
  if (from === to || excess(to) < 0) return outside;
  return bisect(excess, { low: from, high: to });
}
