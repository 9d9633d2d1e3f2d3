import type { Plan, Stage } from '@downhaul/control';
import { describe, expect, test } from 'vitest';
import { BUILT_IN } from '../../src/metric/known-metrics.ts';
import { checkPlanMetrics } from '../../src/plan/check-plan-metrics.ts';
import { checkPlan } from '../../src/plan/check-plan.ts';
import { raisesAtOnce } from '../../src/plan/check-stages.ts';
import { somePlan } from '../support/world.ts';

const acme = { attribute: 'tenant', in: ['acme'] } as const;
const both = { attribute: 'tenant', in: ['acme', 'bolt'] } as const;

function stages(...allocations: Stage['allocations'][]): Partial<Plan> {
  return {
    stages: allocations.map((each) => ({ allocations: each, bakeMs: 1000, minimumSample: 0 })),
  };
}

function problems(change: Partial<Plan>) {
  const plan = somePlan(change);
  return [...checkPlan(plan), ...checkPlanMetrics(plan, BUILT_IN)].map(
    ({ code, path }) => `${code} ${path}`,
  );
}

const guardrail = somePlan().guardrails[0]!;

describe('a plan', () => {
  test('of rising shares has no problem', () => {
    expect(problems({})).toEqual([]);
  });

  test.each<[string, Partial<Plan>, string[]]>([
    ['without stages', { stages: [] }, ['plan_stages_empty /stages']],
    [
      'whose share falls',
      stages([{ sharePerMillion: 200_000 }], [{ sharePerMillion: 100_000 }]),
      ['plan_share_falls /stages/1'],
    ],
    [
      'that drops an audience',
      stages(
        [{ audience: acme, sharePerMillion: 500_000 }],
        [{ audience: { segment: 'x' }, sharePerMillion: 1_000_000 }],
      ),
      ['plan_stage_drops_units /stages/1'],
    ],
    [
      'that serves an audience less among everyone',
      stages([{ audience: acme, sharePerMillion: 500_000 }], [{ sharePerMillion: 200_000 }]),
      ['plan_share_falls /stages/1'],
    ],
    [
      'that stands still',
      stages([{ sharePerMillion: 200_000 }], [{ sharePerMillion: 200_000 }]),
      ['plan_stage_rises_nowhere /stages/1'],
    ],
    [
      'that keeps an audience under `plus`',
      stages(
        [{ audience: acme, sharePerMillion: 500_000 }],
        [{ sharePerMillion: 200_000 }, { audience: both, sharePerMillion: 500_000 }],
        [{ sharePerMillion: 500_000 }],
      ),
      [],
    ],
    [
      'that covers a union by its parts',
      stages(
        [{ audience: { any: [acme, { segment: 'x' }] }, sharePerMillion: 500_000 }],
        [
          { audience: acme, sharePerMillion: 500_000 },
          { audience: { segment: 'x' }, sharePerMillion: 600_000 },
        ],
      ),
      [],
    ],
    [
      'that loses what an earlier stage than the last served',
      stages(
        [{ audience: acme, sharePerMillion: 500_000 }],
        [{ audience: both, sharePerMillion: 500_000 }],
        [{ audience: { attribute: 'tenant', in: ['bolt'] }, sharePerMillion: 1_000_000 }],
      ),
      ['plan_stage_drops_units /stages/2'],
    ],
    [
      'whose horizon is no whole number of batches',
      { horizonsMs: [90_000] },
      ['plan_horizon_not_batches /horizons/0'],
    ],
    ['whose horizons fall', { horizonsMs: [120_000, 60_000] }, ['plan_horizons_order /horizons']],
    ['without a horizon', { horizonsMs: [] }, ['plan_horizons_order /horizons']],
    ['with too short a baseline', { baselineMs: 60_000 }, ['plan_baseline_missing /baseline']],
    ['that judges nothing and measures nothing', { baselineMs: 0, guardrails: [] }, []],
    [
      'that tolerates nothing',
      { guardrails: [{ ...guardrail, margin: { relative: 0, absolute: 0 } }] },
      ['plan_margin_impossible /guardrails/0/margin'],
    ],
    [
      'that tolerates everything',
      { guardrails: [{ ...guardrail, margin: { relative: 0, absolute: 1 } }] },
      ['plan_margin_too_wide /guardrails/0/margin'],
    ],
    [
      'that judges a latency without a quantile',
      { signals: [{ ...guardrail, metric: 'http.latency' }] },
      ['plan_quantile_missing /signals/0/quantile'],
    ],
    [
      'that judges a rate by a quantile',
      { guardrails: [{ ...guardrail, quantile: 0.99 }] },
      ['plan_quantile_metric /guardrails/0/quantile'],
    ],
    ['that guards a metric twice', { signals: [guardrail] }, ['plan_metric_twice /signals/0']],
    [
      'whose weights are not the whole',
      { guardrails: [{ ...guardrail, weight: 0.5 }] },
      ['plan_weights /guardrails'],
    ],
  ])('%s', (_name, change, expected) => {
    expect(problems(change)).toEqual(expected);
  });

  test('that drops units is told which and how to keep them', () => {
    const [problem] = checkPlan(
      somePlan(
        stages(
          [{ audience: acme, sharePerMillion: 500_000 }],
          [{ audience: { segment: 'x' }, sharePerMillion: 1_000_000 }],
        ),
      ),
    );
    expect(problem?.message).toBe(
      'Stage 2 of canary drops {"attribute":"tenant","in":["acme"]}, which stage 1 serves at 50%. ' +
        'Serve {"attribute":"tenant","in":["acme"]} at 50% or more in stage 2 too, for instance under its `plus`.',
    );
  });
});

test.each<[string, Partial<Plan>, boolean]>([
  ['everyone at 100 %', stages([{ sharePerMillion: 1_000_000 }]), true],
  [
    'everyone by another name',
    stages([{ audience: { all: [] }, sharePerMillion: 1_000_000 }]),
    true,
  ],
  [
    'everyone under plus',
    stages([{ audience: acme, sharePerMillion: 1 }, { sharePerMillion: 1_000_000 }]),
    true,
  ],
  ['an audience at 100 %', stages([{ audience: acme, sharePerMillion: 1_000_000 }]), false],
  ['everyone at less', stages([{ sharePerMillion: 999_999 }]), false],
])('a first stage of %s raises at once: see the table', (_name, change, expected) => {
  expect(raisesAtOnce(somePlan(change))).toBe(expected);
});
