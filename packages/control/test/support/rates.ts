import { expect } from 'vitest';

/** How many of `runs` seeded runs, numbered from 1, end with true. */
export function countRuns(runs: number, run: (seed: number) => boolean): number {
  return Array.from({ length: runs }, (_, index) => run(index + 1)).filter(Boolean).length;
}

/** Simulations that stay small unless asked: DOWNHAUL_SIMULATIONS=20 makes them twenty times as many. */
export function runsOf(few: number): number {
  const times = Number(process.env['DOWNHAUL_SIMULATIONS'] ?? '1');
  return Math.round(few * (times >= 1 ? times : 1));
}

/** Fails where alarms are more frequent than alpha by more than chance explains (3 sigma). */
export function expectAtMostAlpha(alarms: number, runs: number, alpha: number): void {
  const limit = alpha + 3 * Math.sqrt((alpha * (1 - alpha)) / runs);
  expect(alarms / runs, `${alarms} alarms in ${runs} runs`).toBeLessThanOrEqual(limit);
}
