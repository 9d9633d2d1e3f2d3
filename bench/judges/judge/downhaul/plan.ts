import { type Plan, PLAN_DEFAULTS } from '@downhaul/control';
import type { Scenario } from '../../scenario/types.ts';
import { STAGE_SHARES } from '../../trace/types.ts';

const MINUTE_MS = 60_000;
const BASELINE_MINUTES = 15;
const BAKE_MINUTES = 30;

/** The plan of a scenario: the product's defaults, five stages and 30 minutes of bake in each; `holdback` is a share. */
export function planOf({ outcomes, bakeMinutes, slices }: Scenario, holdback: number): Plan {
  const distinct = [...new Set(outcomes.map(({ guardrail }) => guardrail))];
  const guardrails = distinct.map((each) => ({ ...each, weight: 1 / distinct.length }));
  return {
    ...PLAN_DEFAULTS,
    key: 'benchmark',
    holdbackPerMillion: Math.round(holdback * 1_000_000),
    baselineMs: BASELINE_MINUTES * MINUTE_MS,
    stages: STAGE_SHARES.map((share, stage) => ({
      allocations: [{ sharePerMillion: Math.round(share * 1_000_000) }],
      bakeMs: (bakeMinutes?.[stage] ?? BAKE_MINUTES) * MINUTE_MS,
      minimumSample: 0,
    })),
    guardrails,
    signals: [],
    success: [],
    horizonsMs: [...new Set(outcomes.map(({ horizonMinutes }) => horizonMinutes * MINUTE_MS))],
    ...(slices === undefined
      ? {}
      : {
          slices: slices.map((attribute) => ({
            attribute,
            minimumSample: PLAN_DEFAULTS.sliceMinimumSample,
          })),
        }),
  };
}
