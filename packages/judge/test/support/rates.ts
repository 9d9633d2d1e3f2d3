import { expect } from 'vitest';

/** Simulations that stay small unless asked: DOWNHAUL_SIMULATIONS=20 runs twenty times as many. */
export function runsOf(few: number): number {
  const times = Number(process.env['DOWNHAUL_SIMULATIONS'] ?? '1');
  return Math.round(few * (Number.isFinite(times) && times >= 1 ? times : 1));
}

/** For simulations that were asked to be large. */
export const SIMULATION_TIMEOUT_MS = 600_000;

/** How many of `runs` seeded runs, numbered from 0, end with true. */
export function countRuns(runs: number, run: (seed: number) => boolean): number {
  let count = 0;
  for (let seed = 0; seed < runs; seed += 1) if (run(seed)) count += 1;
  return count;
}

/** Fails where false alarms are more frequent than alpha by more than chance explains (3 sigma). */
export function expectAtMostAlpha(alarms: number, runs: number, alpha: number): void {
  const chance = 3 * Math.sqrt((alpha * (1 - alpha)) / runs);
  expect(alarms / runs, `${alarms} false alarms in ${runs} runs`).toBeLessThanOrEqual(
    alpha + chance,
  );
}
