import { describe, expect, test } from 'vitest';
import type { MetricSource } from '../../src/metric/source.ts';
import { checkPlanMetrics } from '../../src/plan/check-plan-metrics.ts';
import { somePlan } from '../support/world.ts';

const PER_ARM = { bad: 'b{v="$arm"}[$window]', total: 't{v="$arm"}[$window]' };
const SERVICE = { bad: 'b[$window]', total: 't[$window]' };

function problems(queries: { bad: string; total: string }, guardrail: object, scrapeMs = 15_000) {
  const source: MetricSource = {
    type: 'prometheus',
    server: 'main',
    queries,
    delayMs: 0,
    scrapeMs,
  };
  const metric = {
    key: 'checkout.errors',
    kind: 'share' as const,
    worse: 'higher' as const,
    source,
    owner: 'team',
    description: '',
    version: 1,
  };
  const margin = { relative: 0.05, absolute: 0.001 };
  const guardrails = [{ metric: metric.key, margin, weight: 1, ...guardrail }];
  const known = { get: () => metric, keys: () => [metric.key] };
  const plan = somePlan({ guardrails, signals: [], success: [], batchMs: 60_000 });
  return checkPlanMetrics(plan, known).map(({ code, path }) => [code, path]);
}

describe('a guardrail on a metric of Prometheus', () => {
  test('compares arms, or has an error budget', () => {
    const budget = { objective: 0.999, windowMs: 3_600_000, then: 'hold' };
    expect(problems(PER_ARM, {})).toEqual([]);
    expect(problems(SERVICE, { budget })).toEqual([]);
    expect(problems(SERVICE, {})).toEqual([['plan_metric_without_arms', '/guardrails/0/metric']]);
  });

  test('needs batches of two scrapes or more', () => {
    expect(problems(PER_ARM, {}, 30_000)).toEqual([]);
    expect(problems(PER_ARM, {}, 30_001)).toEqual([
      ['plan_batch_below_scrapes', '/guardrails/0/metric'],
    ]);
  });
});
