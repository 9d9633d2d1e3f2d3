import { durationText } from './duration-text.ts';
import type { CheckItem } from './types.ts';

interface Expected {
  readonly unitsPerSecond: number;
  /** Of all stages; Infinity where one never ends by itself. */
  readonly totalMs: number;
  /** Units that telemetry keeps per rollout. */
  readonly maxUnits: number;
}

/**
 * Whether every unit can be measured to the end, at a traffic. Above the limit a slice by hash is, half of
 * it at a time: what few units do is then found by as many victims more. Nothing where all fit.
 */
export function checkMeasured({ unitsPerSecond, totalMs, maxUnits }: Expected): CheckItem[] {
  if (!Number.isFinite(totalMs)) return [];
  // Nobody who comes again is counted twice, so this is the most that can be.
  const units = (unitsPerSecond * totalMs) / 1_000;
  if (units <= maxUnits) return [];
  const oneIn = 2 ** Math.ceil(Math.log2(units / maxUnits));
  const perMinute = Math.floor((maxUnits * 60_000) / totalMs);
  const text =
    `Above ${figure(perMinute)} new units a minute over ${durationText(totalMs)} not all are kept: ` +
    `at this traffic up to ${figure(Math.round(units))}, of which one in ${oneIn} is measured at the end. ` +
    `What one unit in a million does then takes up to ${oneIn} times as long to be seen.`;
  return [{ code: 'units_measured', ok: true, text, remedy: '' }];
}

function figure(count: number): string {
  return count.toString().replace(/\B(?=(\d{3})+$)/g, ',');
}
