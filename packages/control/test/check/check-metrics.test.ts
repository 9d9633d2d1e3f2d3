import {
  checkBeforeStart,
  createTelemetryState,
  foldIntake,
  forecast,
  freezeMetrics,
  type IntakeRow,
  type MetricDefinition,
  type Plan,
  projectMetrics,
} from '@downhaul/control';
import { assessMeans, rhoFor } from '@downhaul/judge';
import { describe, expect, test } from 'vitest';
import { generator } from '../support/random.ts';
import { someFlag, somePlan, startedWorld } from '../support/world.ts';

const DAY_MS = 86_400_000;
const OWN = { owner: 'team', description: 'for a test', source: { type: 'sdk' } } as const;
const BASKET: MetricDefinition = {
  ...OWN,
  key: 'basket',
  kind: 'mean',
  worse: 'lower',
  aggregate: 'sum',
};
const CHECKOUT: MetricDefinition = {
  ...OWN,
  key: 'checkout',
  kind: 'funnel',
  worse: 'lower',
  steps: ['cart', 'paid'],
};

const world = startedWorld();
for (const metric of [BASKET, CHECKOUT]) world.accept({ type: 'putMetric', metric });

function planOn(metric: string, change: Partial<Plan> = {}): Plan {
  const guardrails = [{ metric, margin: { relative: 0.05, absolute: 0 }, weight: 1 }];
  return somePlan({ guardrails, signals: [], ...change });
}

function started(plan: Plan): Plan {
  const project = world.state.projects.get('default');
  if (project === undefined) throw new Error('there is no project');
  return freezeMetrics(plan, projectMetrics(project));
}

function itemsOf(plan: Plan, tracked: readonly string[]) {
  const telemetry = createTelemetryState();
  const nowMs = 1_000_000_000_000;
  const metrics = Object.fromEntries(tracked.map((name) => [name, { count: 5, bad: 0 }]));
  const row: IntakeRow = {
    sequence: 1,
    atMs: nowMs,
    type: 'report',
    scope: { project: 'default', environment: 'production', service: 'storefront' },
    report: {
      instance: 'store-1',
      sequence: 1,
      sentAtMs: nowMs,
      version: 1,
      exposures: [],
      outcomes: [],
      activity: [],
      dropped: { exposures: 0, outcomes: 0 },
      traffic: { sinceMs: nowMs - 10_000, units: 1_000, metrics },
    },
  };
  foldIntake(telemetry, row);
  const place = { project: 'default', environment: 'production', flag: someFlag({ affects: [] }) };
  return checkBeforeStart({ ...place, plan, state: world.state, telemetry, nowMs });
}

describe('before a start', () => {
  test('every event of a funnel is looked for by itself', () => {
    const items = itemsOf(planOn('checkout'), ['cart']).filter(
      ({ code }) => code === 'metric_arrives',
    );
    expect(items.map(({ ok, text }) => [ok, text.split(' ')[0]])).toEqual([
      [true, 'cart,'],
      [false, 'paid,'],
    ]);
    expect(items[1]?.text).toContain('which checkout needs');
  });

  test('denied answers are not taken as there because other requests are', () => {
    const denied = (tracked: string[]) =>
      itemsOf(planOn('http.denied'), tracked).find(({ code }) => code === 'metric_arrives')?.ok;
    expect(denied(['http.error_rate'])).toBe(false);
    expect(denied(['http.error_rate', 'http.denied'])).toBe(true);
  });

  test('a window that no stage lasts to see is warned of, one that stages wait for is not', () => {
    const closes = (plan: Plan) =>
      itemsOf(plan, ['active']).find(({ code }) => code === 'window_closes');
    expect(closes(planOn('retention.week'))).toMatchObject({ ok: false });
    const whenStageTooLong = { afterMs: 20 * DAY_MS, then: 'pause' } as const;
    expect(closes(planOn('retention.week', { whenStageTooLong }))).toMatchObject({ ok: true });
  });

  test('nobody claims to know how long a mean takes whose values were never seen', () => {
    const items = itemsOf(planOn('basket'), ['basket']);
    expect(items.find(({ code }) => code === 'mean_known')).toMatchObject({ ok: true });
    expect(forecast(started(planOn('basket')), 10, {}).unknown).toEqual(['basket']);
  });
});

describe('the forecast of a mean', () => {
  const known = { count: 10_000, mean: 10, squaredDeviations: 9_999 * 400 };

  test('tells treatment units by which about half of healthy rollouts have passed', () => {
    const plan = started(planOn('basket'));
    const needed = forecast(plan, 1_000, { basket: known }).stages[0];
    const share = (needed?.sharePerMillion ?? 0) / 1_000_000;
    const units = needed?.unitsNeeded ?? 0;
    const random = generator(5);
    const margin = { relative: 0.05, absolute: 0, worse: 'lower' } as const;
    let passed = 0;
    for (let run = 0; run < 200; run++) {
      // Means of so many units of this spread, drawn as a sum of twelve uniforms.
      const arm = (count: number) => {
        let normal = -6;
        for (let draw = 0; draw < 12; draw++) normal += random();
        const mean = known.mean + normal * Math.sqrt(400 / count);
        return { count, mean, squaredDeviations: (count - 1) * 400 };
      };
      const control = arm(Math.round((units * (1 - share)) / share));
      const process = { strata: { '0': { treatment: arm(units), control } } };
      const rho = rhoFor(0.5 / 3, plan.alphaNonInferiority);
      const claim = {
        claim: 'nonInferiority',
        rho,
        margin,
        alpha: plan.alphaNonInferiority,
      } as const;
      if (assessMeans(process, claim).refuted) passed += 1;
    }
    expect(passed).toBeGreaterThan(60);
    expect(passed).toBeLessThan(140);
  });

  test('needs four times the units for twice the spread', () => {
    const plan = started(planOn('basket'));
    const unitsAt = (variance: number) =>
      forecast(plan, 1_000, { basket: { ...known, squaredDeviations: 9_999 * variance } }).stages[0]
        ?.unitsNeeded ?? 0;
    const ratio = unitsAt(1_600) / unitsAt(400);
    expect(ratio).toBeGreaterThan(3.3);
    expect(ratio).toBeLessThan(4.7);
  });
});
