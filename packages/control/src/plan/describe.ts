import type { Condition } from '@downhaul/engine';

/** A share per million as a person writes it: `2.5%`. */
export function shareText(sharePerMillion: number): string {
  return `${sharePerMillion / 10_000}%`;
}

const UNITS: readonly (readonly [unit: string, lengthMs: number])[] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
];

/** A duration as a person writes it, in the largest unit that needs no fraction: `90m`. */
export function durationText(durationMs: number): string {
  for (const [unit, lengthMs] of UNITS) {
    if (durationMs >= lengthMs && durationMs % lengthMs === 0) return `${durationMs / lengthMs}${unit}`;
  }
  return durationMs === 0 ? '0s' : `${durationMs}ms`;
}

/** An audience for a message: `everyone`, or its condition as JSON. */
export function audienceText(audience: Condition | undefined): string {
  if (audience === undefined) return 'everyone';
  return 'segment' in audience ? `segment ${audience.segment}` : JSON.stringify(audience);
}
