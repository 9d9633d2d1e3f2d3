import { JudgeInputError } from '../error/judge-input-error.ts';
import { requireFinite, requirePositive, requireInside } from '../error/require-figure.ts';
import { requireAtLeast } from '../error/require.ts';
import { type BurnWindow, burnWindows } from './burn-windows.ts';

/** A budget spent to the last event is spent, whatever 1 - target rounds to. */
const ROUNDING = 1e-9;

/** A share of good events that a service promises over a sliding window. */
export interface ServiceLevelObjective {
  /** Share of events that must be good, such as 0.999. */
  readonly target: number;
  /** Length of the sliding window, such as 30 days. */
  readonly windowMs: number;
}

/** Events of one service in one batch, every arm together. */
export interface EventCounts {
  readonly endMs: number;
  readonly total: number;
  readonly bad: number;
}

export interface BurnRate extends BurnWindow {
  /** Multiple of the rate that spends the whole budget over the SLO window; null without any event. */
  readonly long: number | null;
  readonly short: number | null;
  /** True when both are at least `burnRate`. */
  readonly firing: boolean;
}

export interface ErrorBudget {
  readonly burnRates: readonly BurnRate[];
  /** Share of the budget that is left; negative when overspent, null when nothing was seen at all. */
  readonly remaining: number | null;
  readonly exhausted: boolean;
  /** Bad events of the SLO window, and how many its traffic so far allows. */
  readonly bad: number;
  readonly allowed: number;
  /** Until the budget is gone at the rate of the `fast` pair's long window; null if it is not burning. */
  readonly exhaustedInMs: number | null;
}

/** What `errorBudget` takes. All times are of one clock; `counts` in any order, each batch once. */
export interface ErrorBudgetInput {
  readonly objective: ServiceLevelObjective;
  readonly counts: readonly EventCounts[];
  readonly nowMs: number;
  readonly batchMs: number;
}

/**
 * How fast a service spends its error budget and what is left of it. A batch belongs to a window when it
 * ended within it. Burn rate = (share of bad events) / (1 - target).
 *
 * A window without events has no burn rate: it neither fires nor counts as healthy. With few events a
 * single failure is a high rate; this watches services, while features under way have their guardrails.
 *
 * Errors: `share_out_of_range`, `number_out_of_range`, `number_not_finite`, `more_bad_than_total`.
 */
export function errorBudget(input: ErrorBudgetInput): ErrorBudget {
  requireInput(input);
  const { objective, batchMs } = input;
  const allowedShare = 1 - objective.target;
  const spent = eventsWithin(input, objective.windowMs);
  const allowed = spent.total * allowedShare;
  const remaining = spent.total === 0 ? null : 1 - spent.bad / allowed;
  const burnRates = burnWindows(objective.windowMs, batchMs).map((window) =>
    burnRate(window, {
      long: rateOf(eventsWithin(input, window.longMs), allowedShare),
      short: rateOf(eventsWithin(input, window.shortMs), allowedShare),
    }),
  );
  return {
    burnRates,
    remaining,
    exhausted: remaining !== null && remaining <= ROUNDING,
    bad: spent.bad,
    allowed,
    exhaustedInMs: timeLeft({ remaining, rate: burnRates[0]?.long ?? null, objective }),
  };
}

function requireInput({ objective, counts, nowMs, batchMs }: ErrorBudgetInput): void {
  requireInside('objective.target', objective.target);
  requirePositive('objective.windowMs', objective.windowMs);
  requireFinite('nowMs', nowMs);
  requirePositive('batchMs', batchMs);
  for (const [index, { endMs, total, bad }] of counts.entries()) {
    requireFinite(`counts[${index}].endMs`, endMs);
    requireAtLeast(`counts[${index}].total`, total, 0);
    requireAtLeast(`counts[${index}].bad`, bad, 0);
    if (bad <= total) continue;
    throw new JudgeInputError(
      'more_bad_than_total',
      `counts[${index}].bad`,
      `counts[${index}].bad is ${bad} of ${total} events; at most as many as there are is accepted`,
    );
  }
}

function eventsWithin({ counts, nowMs }: ErrorBudgetInput, lengthMs: number) {
  let total = 0;
  let bad = 0;
  for (const batch of counts) {
    if (batch.endMs <= nowMs - lengthMs || batch.endMs > nowMs) continue;
    total += batch.total;
    bad += batch.bad;
  }
  return { total, bad };
}

function rateOf(events: { total: number; bad: number }, allowedShare: number): number | null {
  return events.total === 0 ? null : events.bad / events.total / allowedShare;
}

function burnRate(window: BurnWindow, rates: Pick<BurnRate, 'long' | 'short'>): BurnRate {
  const firing = (rates.long ?? 0) >= window.burnRate && (rates.short ?? 0) >= window.burnRate;
  return { ...window, ...rates, firing };
}

function timeLeft(at: {
  remaining: number | null;
  rate: number | null;
  objective: ServiceLevelObjective;
}): number | null {
  if (at.remaining === null) return null;
  if (at.remaining <= ROUNDING) return 0;
  if (at.rate === null || at.rate === 0) return null;
  return (at.remaining / at.rate) * at.objective.windowMs;
}
