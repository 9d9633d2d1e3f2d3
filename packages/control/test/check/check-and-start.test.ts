/** `rollout check` and `rollout start` agree: what the check calls a failure is what a start is refused for. */
import {
  checkBeforeStart,
  type CheckItem,
  type FlagDefinition,
  type MetricDefinition,
  type Plan,
  stopsStart,
} from '@downhaul/control';
import { describe, expect, test } from 'vitest';
import { CHECK_CODES, type CheckCode } from '../../src/check/codes.ts';
import { exposure, Intake, outcome, someRollout, START_MS, unitOf } from '../support/intake.ts';
import { someFlag, somePlan, startedWorld } from '../support/world.ts';

const DAY_MS = 86_400_000;
const WELL = { affects: ['storefront'], dataCompatibility: 'reads both' };
const ACTIVE: MetricDefinition = {
  ...{ owner: 'team', description: 'comes back', source: { type: 'sdk' } },
  ...{ key: 'active', kind: 'conversion', worse: 'lower', windowMs: 30 * DAY_MS },
} as unknown as MetricDefinition;

interface Case {
  readonly flag?: Partial<FlagDefinition>;
  readonly plan?: Partial<Plan>;
  readonly to?: string;
  /** Units per minute of the flag's service, and what else the intake is told. */
  readonly units?: number;
  readonly tell?: (intake: Intake) => void;
}

const [guardrail] = somePlan().guardrails;

/** How each is brought about. */
const CASES: Readonly<Partial<Record<CheckCode, Case>>> = {
  owner_declared: { flag: { owner: ' ' } },
  way_back_declared: { to: 'off' },
  data_compatibility_declared: { flag: { dataCompatibility: '' } },
  guarded: { plan: { guardrails: [] } },
  not_expired: { flag: { expires: '2020-02-29' } },
  services_unchecked: {
    flag: {
      requires: {
        ...{ flags: [], migrations: [] },
        services: [{ service: 'payments', contract: 'charge', version: '>=2.1' }],
      },
    },
  },
  migrations_unchecked: {
    flag: { requires: { flags: [], services: [], migrations: ['orders-add-total'] } },
  },
  telemetry_readable: {
    tell: ({ state, nowMs }) => {
      const fault = { sequence: 1, firstAtMs: nowMs, lastAtMs: nowMs, rows: 1, text: 'broken' };
      state.faults.set('default/production/next-checkout#1', fault);
    },
  },
  metric_arrives: { units: 0 },
  traffic_known: { units: 0 },
  traffic_suffices: { units: 100 },
  margin_tells: {
    plan: {
      guardrails: [
        { ...guardrail!, weight: 1 },
        { ...guardrail!, metric: 'http.latency', quantile: 0.99, weight: 0 },
      ],
    },
  },
  rehearsed: {
    plan: {
      rehearsal: { required: true, withinMs: DAY_MS, falseRollback: 0.02, missed: 0.05 },
    },
  },
  telemetry_lost: {
    tell: ({ state, nowMs }) => {
      const losses = state.environments.get('default/production')!.losses as Map<string, unknown>;
      losses.set('x', {
        ...{ service: 'storefront', instance: 'i', cause: 'sdk_queue', items: 3 },
        ...{ firstAtMs: nowMs, lastAtMs: nowMs },
      });
    },
  },
  service_present: { flag: { affects: ['storefront', 'pricing'] } },
  sdks_current: { tell: (intake) => old(intake, { formatVersion: 0 }) },
  exposures_reported: { tell: (intake) => old(intake, { reportsExposures: false }) },
  window_closes: { plan: { guardrails: [{ ...guardrail!, metric: 'active', worse: 'lower' }] } },
};

/**
 * Not brought about here: a mean without spread needs a baseline of its own, and stages of endless duration a plan
 * that no start takes, whatever the check says.
 */
const ELSEWHERE: readonly CheckCode[] = ['mean_spread', 'duration'];

function old(
  intake: Intake,
  change: { readonly formatVersion?: number; readonly reportsExposures?: boolean },
) {
  const { formatVersion = 1, reportsExposures = true } = change;
  intake.add({
    type: 'acknowledgement',
    scope: { project: 'default', environment: 'production', service: 'storefront' },
    acknowledgement: {
      ...{ instance: 'store-9', version: 10, capabilities: ['rollout'] },
      ...{ sdk: { name: 'old', version: '0.0.1', formatVersion }, reportsExposures },
      sentAtMs: START_MS,
    },
  });
}

function busy(units: number): Intake {
  const intake = new Intake();
  if (units === 0) return intake;
  intake.change(
    someRollout({ status: 'measuring', stage: -1, allocations: [{ sharePerMillion: 0 }] }),
  );
  intake.acknowledge('store-1', 10);
  const all = Array.from({ length: units }, (_, index) => unitOf(index));
  intake.report({
    exposures: all.map((unit) => exposure({ unit, stage: -1 })),
    outcomes: all.map((unit) => outcome({ unit, metric: 'http.latency', value: 50 })),
  });
  intake.closeThrough(0);
  return intake;
}

function checkAndStart({ flag = {}, plan: change = {}, to, units = 60_000, tell }: Case) {
  const world = startedWorld();
  world.accept({ type: 'putMetric', metric: ACTIVE });
  const here = { serve: 'off', rules: [] };
  const environments = { production: here };
  const definition = someFlag({ key: 'next-checkout', ...WELL, environments, ...flag });
  world.accept({ type: 'putFlag', definition });
  const intake = busy(units);
  tell?.(intake);
  const plan = somePlan(change);
  const target = to ?? 'on';
  const items = checkBeforeStart({
    ...{ project: 'default', environment: 'production', flag: definition, plan, to: target },
    ...{ state: world.state, telemetry: intake.state, nowMs: intake.nowMs },
  });
  const place = { flag: 'next-checkout', environment: 'production' };
  const start = world.send({ type: 'startRollout', ...place, plan, to: target });
  return { items, start };
}

const failing = (items: readonly CheckItem[]) =>
  new Set(items.filter(({ ok }) => !ok).map(({ code }) => code));

describe('the check and the start', () => {
  test('agree where nothing is amiss', () => {
    const { items, start } = checkAndStart({});
    expect([...failing(items)]).toEqual([]);
    expect(start.ok).toBe(true);
  });

  test('every code is looked at here', () => {
    const told = Object.entries(CHECK_CODES).filter(([, meaning]) => meaning === 'tells');
    expect([...Object.keys(CASES), ...ELSEWHERE, ...told.map(([code]) => code)].sort()).toEqual(
      Object.keys(CHECK_CODES).sort(),
    );
  });

  test.each(Object.entries(CASES) as [CheckCode, Case][])('agree on %s', (code, given) => {
    const { items, start } = checkAndStart(given);
    expect(failing(items)).toContain(code);
    expect(start.ok).toBe(!items.some(stopsStart));
    expect(start.ok).toBe(CHECK_CODES[code] !== 'stops');
    for (const item of items.filter(({ ok }) => !ok))
      expect(CHECK_CODES[item.code]).not.toBe('tells');
  });
});

describe('whose traffic a check reckons with', () => {
  /** A busy shop front and a small service beside it. */
  function shop(): Intake {
    const intake = new Intake();
    for (const instance of ['store-1', 'back-1']) intake.acknowledge(instance, 10);
    intake.nowMs += 5_000;
    const sinceMs = START_MS;
    const metrics = (count: number, bad: number) => ({ 'http.error_rate': { count, bad } });
    intake.report({ traffic: { sinceMs, units: 50_000, metrics: metrics(50_000, 0) } });
    const few = { sinceMs, units: 50, metrics: metrics(50, 5) };
    intake.report({ instance: 'back-1', traffic: few }, 'backoffice');
    return intake;
  }
  const speed = (intake: Intake, flag: Partial<FlagDefinition>) => {
    const items = checkBeforeStart({
      ...{ project: 'default', environment: 'production', plan: somePlan() },
      flag: someFlag({ key: 'report-page', dataCompatibility: 'none', ...flag }),
      ...{ state: startedWorld().state, telemetry: intake.state, nowMs: intake.nowMs },
    });
    const text = items.find(({ code }) => code === 'duration')?.text ?? '';
    return Number(/At (\S+) units per second/.exec(text)?.[1]);
  };

  test('is that of the services in `affects`, not of the busiest', () => {
    expect(speed(shop(), { affects: ['backoffice'] })).toBe(10);
    expect(speed(shop(), { affects: ['storefront', 'backoffice'] })).toBe(10_000);
  });

  test('is that of whoever evaluates the flag, where `affects` names nobody', () => {
    const intake = shop();
    expect(speed(intake, { affects: [] })).toBe(10_000);
    intake.state.environments
      .get('default/production')!
      .evaluated.set('backoffice', new Set(['report-page']));
    expect(speed(intake, { affects: [] })).toBe(10);
  });

  test('is nobody’s where the flag’s own services told of nothing', () => {
    expect(speed(shop(), { affects: ['pricing'] })).toBeNaN();
  });
});
