import type { Guardrail } from '@downhaul/control';
import type { Random } from '../trace/random.ts';
import type { Moment, Outcome, World } from './types.ts';

const DAY_MINUTES = 1_440;

/** Errors of a unit within a minute of its arrival; 5 % more than control's are tolerated. */
export const ERRORS: Outcome = { guardrail: guardrailOf('http.error_rate'), horizonMinutes: 1 };

export function guardrailOf(metric: string): Guardrail {
  return {
    metric,
    worse: 'higher',
    margin: { relative: 0.05, absolute: 0 },
    weight: 1,
  };
}

export interface Day {
  readonly unitsPerMinute?: number;
  readonly baseRate?: number;
}

/**
 * A day in which traffic and base rate move by half, each with its own hour of the peak, and a rollout
 * that begins at any hour. `effect` multiplies the rate of the treated.
 */
export function diurnal(
  random: Random,
  { unitsPerMinute = 2_000, baseRate = 0.001 }: Day,
  effect: (minute: number, stage: number) => number = () => 1,
): World {
  const trafficPhase = random() * DAY_MINUTES;
  const ratePhase = random() * DAY_MINUTES;
  const wave = (minute: number) => 1 + 0.5 * Math.sin((2 * Math.PI * minute) / DAY_MINUTES);
  return {
    unitsAt: (minute) => unitsPerMinute * wave(minute + trafficPhase),
    rate: withEffect((minute) => baseRate * wave(minute + ratePhase), effect),
  };
}

export function withEffect(
  base: (minute: number) => number,
  effect: (minute: number, stage: number) => number,
): (at: Moment) => number {
  return ({ minute, stage }) =>
    Math.min(1, base(minute) * (stage === undefined ? 1 : effect(minute, stage)));
}
