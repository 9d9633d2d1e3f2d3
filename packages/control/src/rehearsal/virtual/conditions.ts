import { type Moment, strengthAt } from '../scenario/onset.ts';
import type { Scenario } from '../scenario/types.ts';
import type { ServiceModel } from '../service/types.ts';

const DAY_MS = 86_400_000;

/** Units per second that are expected; the day begins at a phase from 0 to 1. */
export function trafficAt(
  { unitsPerSecond, daySwing }: ServiceModel,
  { trafficFactor }: Scenario,
  { sinceStartMs, dayPhase }: { readonly sinceStartMs: number; readonly dayPhase: number },
): number {
  const usual = unitsPerSecond.value * trafficFactor;
  if (daySwing.value === 0) return usual;
  return usual * (1 + daySwing.value * Math.sin(2 * Math.PI * (sinceStartMs / DAY_MS + dayPhase)));
}

/** Chance of each arm's units to be told of. */
export function toldAt(
  { losses }: Scenario,
  at: Moment,
): { readonly treatment: number; readonly control: number } {
  const told = { treatment: 1, control: 1 };
  for (const { arm, share, onset } of losses) {
    const lost = share * strengthAt(onset, at);
    if (arm !== 'control') told.treatment *= 1 - lost;
    if (arm !== 'treatment') told.control *= 1 - lost;
  }
  return told;
}
