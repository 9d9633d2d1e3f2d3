import type { Arm } from '@downhaul/engine';

/** Units of traffic that no person made: a cohort of its own, which the judge never sees. */
export interface SyntheticUnits {
  /** By stage and unit. */
  readonly stages: Map<number, Map<string, SyntheticUnit>>;
  /** Sightings of units that found no room. */
  beyond: number;
}

export interface SyntheticUnit {
  arm: Arm;
  firstAtMs: number;
  /** When it first failed by a guardrail or signal that counts failures. */
  failedAtMs?: number;
}

export function noSyntheticUnits(): SyntheticUnits {
  return { stages: new Map(), beyond: 0 };
}
