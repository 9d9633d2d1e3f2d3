import type { Null } from '@downhaul/judge';
import type { Hypothesis } from '../rollout/hypotheses.ts';
import type { EarlierDays, EarlierHour } from './types.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Standard deviations of the difference between two hours that still count as ordinary. */
const DEVIATIONS = 4;
/** Without history: what a rate may move by at once, and with every hour that passes, in ln. */
const AT_ONCE = 0.05;
const PER_HOUR = 0.35;
/** And at most: a day between whose ends the rate is four times as high. */
const MOST = Math.log(4);

/** How far a rate may have moved by itself between two moments. */
interface OrdinaryMove {
  /** The factor in the direction that would be worse; at least 1. */
  readonly factor: number;
  readonly from: 'earlierDays' | 'assumed';
}

/**
 * With the same hours of earlier days the expected move of ln(rate) between the two hours, plus four standard
 * deviations of such a difference, s sqrt(2 (1 + 1 / days)). Without them e^(0.05 + 0.35 h) after h hours, at
 * most 4: a day that swings by half moves by at most 0.15 an hour, one of 80 % by 0.35.
 */
export function ordinaryMove(
  earlier: EarlierDays | undefined,
  { fromMs, toMs, rises }: { readonly fromMs: number; readonly toMs: number; rises: boolean },
): OrdinaryMove {
  const before = earlier && hourAt(earlier, fromMs);
  const after = earlier && hourAt(earlier, toMs);
  if (earlier === undefined || before === undefined || after === undefined) {
    const hours = Math.max(0, toMs - fromMs) / HOUR_MS;
    return { factor: Math.exp(Math.min(MOST, AT_ONCE + PER_HOUR * hours)), from: 'assumed' };
  }
  const move = (after.logRate - before.logRate) * (rises ? 1 : -1);
  const days = Math.min(before.days, after.days);
  const spread = earlier.spread * Math.sqrt(2 * (1 + 1 / days));
  return { factor: Math.exp(Math.max(0, move + DEVIATIONS * spread)), from: 'earlierDays' };
}

/**
 * The largest rate that the margin and an ordinary move still allow. Where the bad outcome is that something
 * did not happen, it is the successes that may have moved.
 */
export function ordinaryLimit(
  kind: Hypothesis['kind'],
  rate: number,
  { null: { ratio, excess }, factor }: { readonly null: Null; readonly factor: number },
): number {
  const tolerated = Math.min(1, ratio * rate + excess);
  return kind === 'missing' ? 1 - (1 - tolerated) / factor : Math.min(1, tolerated * factor);
}

/** Between the middles of two neighbouring hours, where both are known. */
function hourAt({ hours }: EarlierDays, atMs: number): EarlierHour | undefined {
  const place = ((atMs % DAY_MS) / HOUR_MS - 0.5 + 24) % 24;
  const low = Math.floor(place);
  const [before, after] = [hours[low % 24], hours[(low + 1) % 24]];
  const own = hours[Math.floor((atMs % DAY_MS) / HOUR_MS)] ?? undefined;
  if (own === undefined || !before || !after) return own;
  const part = place - low;
  return {
    days: own.days,
    logRate: before.logRate * (1 - part) + after.logRate * part,
  };
}
