import type { RolloutTelemetry } from '../telemetry/rollout/types.ts';

/** Units of synthetic traffic in one stage, and how many of them failed. */
export interface SyntheticEvidence {
  /** -1 for the baseline, -2 for after a rollback. */
  readonly stage: number;
  readonly treatment: { readonly units: number; readonly bad: number };
  readonly control: { readonly units: number; readonly bad: number };
}

/**
 * What became of synthetic units, by stage: failed within the longest horizon of their first exposure, by a
 * guardrail or signal that counts failures. For people to look at; nothing is decided by it.
 */
export function syntheticEvidence({ synthetic, plan }: RolloutTelemetry): SyntheticEvidence[] {
  const longestMs = plan.horizonsMs.at(-1) ?? 0;
  return [...synthetic.stages]
    .sort(([one], [other]) => one - other)
    .map(([stage, units]) => {
      const arms = { treatment: { units: 0, bad: 0 }, control: { units: 0, bad: 0 } };
      for (const { arm, firstAtMs, failedAtMs = Infinity } of units.values()) {
        arms[arm].units += 1;
        if (failedAtMs <= firstAtMs + longestMs) arms[arm].bad += 1;
      }
      return { stage, ...arms };
    });
}
