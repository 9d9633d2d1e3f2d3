import {
  deserializeState,
  type MetricDefinition,
  type Plan,
  serializeState,
} from '@downhaul/control';
import { describe, expect, test } from 'vitest';
import { someFlag, somePlan, startedWorld, type World } from '../support/world.ts';

const SITE = { flag: 'new-checkout', environment: 'production' } as const;
const [guardrail] = somePlan().guardrails;

const BASKET: MetricDefinition = {
  key: 'basket.value',
  kind: 'mean',
  source: { type: 'sdk' },
  worse: 'lower',
  aggregate: 'sum',
  windowMs: 120_000,
  cap: 500,
  owner: 'team-checkout',
  description: 'What a unit paid.',
};

function planOn(metric: string, change: object = {}): Plan {
  return somePlan({
    key: 'canary',
    guardrails: [
      {
        metric,
        margin: { relative: 0.05, absolute: 0 },
        weight: guardrail?.weight ?? 1,
        ...change,
      },
    ],
  });
}

function world(): World {
  const started = startedWorld();
  started.accept({ type: 'putMetric', metric: BASKET });
  return started;
}

function refused(on: World, plan: Plan) {
  const decision = on.send({ type: 'putPlan', plan });
  if (decision.ok) throw new Error('it was accepted');
  return decision.error;
}

describe('a metric', () => {
  test('is numbered by the log, and unchanged when put again', () => {
    const on = world();
    const version = on.state.position;
    expect(on.state.projects.get('default')?.metrics.get('basket.value')).toEqual({
      ...BASKET,
      version,
    });
    expect(on.accept({ type: 'putMetric', metric: BASKET })).toMatchObject({
      events: [],
      answer: { changed: false, version },
    });
  });

  test('is refused where its document was read at another version', () => {
    const on = world();
    const { position } = on.state;
    const cap = (limit: number) => ({ ...BASKET, cap: limit });
    on.accept({ type: 'putMetric', metric: cap(100), said: { version: position } });
    expect(on.refusal({ type: 'putMetric', metric: cap(200), said: { version: position } })).toBe(
      'version_conflict',
    );
    expect(
      on.accept({ type: 'putMetric', metric: cap(100), said: { version: position } }).answer,
    ).toMatchObject({ changed: false });
  });

  test('survives a state cache', () => {
    const { state } = world();
    expect(deserializeState(serializeState(state))).toEqual(state);
  });

  test('cannot be removed while a plan names it', () => {
    const on = world();
    on.accept({ type: 'putPlan', plan: planOn('basket.value') });
    expect(on.refusal({ type: 'removeMetric', metric: 'basket.value' })).toBe('metric_in_use');
    on.accept({ type: 'putPlan', plan: planOn('http.error_rate') });
    on.accept({ type: 'removeMetric', metric: 'basket.value' });
    expect(on.refusal({ type: 'removeMetric', metric: 'basket.value' })).toBe('metric_unknown');
  });
});

describe('a plan', () => {
  test('with an unknown metric is refused, and told which is near', () => {
    const error = refused(world(), planOn('basket.vlaue'));
    expect(error).toMatchObject({ code: 'plan_metric_unknown', path: '/guardrails/0/metric' });
    expect(error.accepted).toContain('basket.value');
  });

  test('with one that is like no other is told all there are', () => {
    expect(refused(world(), planOn('zzzzzzzzzzz')).accepted).toContain('http.error_rate');
  });

  test('written in a flag is refused the same', () => {
    const definition = someFlag();
    const here = definition.environments['production'];
    if (here?.rollout === undefined) throw new Error('the flag declares no rollout');
    const rollout = { ...here.rollout, plan: planOn('basket.vlaue') };
    const environments = { production: { ...here, rollout } };
    const decision = world().send({ type: 'putFlag', definition: { ...definition, environments } });
    expect(decision).toMatchObject({
      ok: false,
      error: {
        code: 'plan_metric_unknown',
        path: '/environments/production/rollout/plan/guardrails/0/metric',
      },
    });
  });

  test('given at a start is refused the same', () => {
    const on = world();
    on.accept({ type: 'putFlag', definition: someFlag() });
    expect(on.refusal({ type: 'startRollout', ...SITE, plan: planOn('basket.vlaue') })).toBe(
      'plan_metric_unknown',
    );
  });

  test.each<[string, Plan, string]>([
    ['by a quantile of a mean', planOn('basket.value', { quantile: 0.99 }), 'plan_quantile_metric'],
    [
      'in the other direction',
      planOn('basket.value', { worse: 'higher' }),
      'plan_worse_contradicts',
    ],
    [
      'by a margin beyond its cap',
      planOn('basket.value', { margin: { relative: 0, absolute: 1000 } }),
      'plan_margin_unreachable',
    ],
    [
      'by a margin of all of it',
      planOn('basket.value', { margin: { relative: 1, absolute: 0 } }),
      'plan_margin_unreachable',
    ],
    ['by half batches', { ...planOn('basket.value'), batchMs: 50_000 }, 'plan_horizon_not_batches'],
    [
      'by half batches of its window',
      { ...planOn('basket.value'), batchMs: 90_000, horizonsMs: [90_000], baselineMs: 900_000 },
      'plan_window_not_batches',
    ],
    [
      'and called a success by what is worse',
      {
        ...planOn('http.error_rate'),
        success: [{ metric: 'basket.value', better: 'lower', by: { relative: 0.01 } }],
      },
      'plan_success_contradicts',
    ],
    [
      'and called a success by a quantile',
      {
        ...planOn('http.error_rate'),
        success: [{ metric: 'http.latency', better: 'lower', by: { relative: 0.01 } }],
      },
      'plan_success_unmeasurable',
    ],
  ])('judged %s is refused', (_name, plan, code) => {
    expect(refused(world(), plan).code).toBe(code);
  });

  test('is started with the definitions of its metrics, which later documents leave alone', () => {
    const on = world();
    on.accept({ type: 'putFlag', definition: someFlag() });
    on.accept({ type: 'startRollout', ...SITE, plan: planOn('basket.value') });
    on.accept({ type: 'putMetric', metric: { ...BASKET, cap: 1 } });
    const plan = on.rollout('new-checkout')?.plan;
    expect(plan?.metrics).toMatchObject([{ key: 'basket.value', cap: 500 }]);
    expect(plan?.guardrails).toMatchObject([{ metric: 'basket.value', worse: 'lower' }]);
  });
});
