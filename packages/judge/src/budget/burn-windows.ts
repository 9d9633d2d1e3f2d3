/** One pair of windows that fires when the error budget burns too fast in both. */
export interface BurnWindow {
  readonly name: 'fast' | 'medium' | 'slow';
  /** Says that enough of the budget is gone to matter. */
  readonly longMs: number;
  /** Says that it is still going on, so the alarm ends soon after the trouble. */
  readonly shortMs: number;
  /** Fires at this multiple of the rate that would spend the whole budget exactly over the SLO window. */
  readonly burnRate: number;
  readonly severity: 'page' | 'ticket';
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const WORKBOOK_OBJECTIVE_MS = 30 * DAY_MS;

/**
 * For an SLO over 30 days: 2 % of the budget in an hour, 5 % in six hours, 10 % in three days.
 * Source: The Site Reliability Workbook, chapter 5, multiwindow, multi-burn-rate alerts.
 */
const WORKBOOK_WINDOWS: readonly BurnWindow[] = [
  { name: 'fast', longMs: HOUR_MS, shortMs: 5 * MINUTE_MS, burnRate: 14.4, severity: 'page' },
  { name: 'medium', longMs: 6 * HOUR_MS, shortMs: 30 * MINUTE_MS, burnRate: 6, severity: 'page' },
  { name: 'slow', longMs: 3 * DAY_MS, shortMs: 6 * HOUR_MS, burnRate: 1, severity: 'ticket' },
];

/**
 * The workbook's three pairs for an SLO window of any length. The lengths of the pairs scale with the
 * SLO window and the burn rates stay, so each pair still fires at 2, 5 and 10 % of the budget spent;
 * keeping the lengths and scaling the rates would call people at less than a burn rate of 1 for short SLO
 * windows. Lengths are rounded up to whole batches.
 */
export function burnWindows(objectiveWindowMs: number, batchMs: number): BurnWindow[] {
  const scale = objectiveWindowMs / WORKBOOK_OBJECTIVE_MS;
  const scaled = (lengthMs: number) => Math.ceil((lengthMs * scale) / batchMs) * batchMs;
  return WORKBOOK_WINDOWS.map((window) => ({
    ...window,
    longMs: scaled(window.longMs),
    shortMs: scaled(window.shortMs),
  }));
}
