import {
  createTelemetryState,
  deserializeTelemetry,
  evidenceOf,
  foldIntake,
  type Guardrail,
  type IntakeRow,
  type MetricDefinition,
  type Plan,
  serializeTelemetry,
  type SerializedTelemetry,
  type TelemetryState,
} from '@downhaul/control';
import type { OutcomeItem } from '@downhaul/engine';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Simulation, type Visit } from '../support/simulation.ts';
import { somePlan } from '../support/world.ts';

const MINUTE_MS = 60_000;
const OWN = { owner: 'team', description: 'for a test', source: { type: 'sdk' } } as const;

const BASKET: MetricDefinition = {
  ...OWN,
  key: 'basket.value',
  kind: 'mean',
  worse: 'lower',
  aggregate: 'sum',
  windowMs: MINUTE_MS,
  cap: 200,
};
const CHECKOUT: MetricDefinition = {
  ...OWN,
  key: 'checkout',
  kind: 'funnel',
  worse: 'lower',
  windowMs: MINUTE_MS,
  steps: ['cart', 'address', 'paid'],
};
const RETURNED: MetricDefinition = {
  ...OWN,
  key: 'returned',
  kind: 'retention',
  worse: 'lower',
  source: { type: 'sdk', event: 'active' },
  afterMs: MINUTE_MS,
  windowMs: 3 * MINUTE_MS,
};

function guardrail(metric: string, relative: number, change: Partial<Guardrail> = {}): Guardrail {
  return { metric, margin: { relative, absolute: 0 }, weight: 1, ...change };
}

function planOn(guardrails: readonly Guardrail[], change: Partial<Plan> = {}): Plan {
  return somePlan({
    baselineMs: 6 * MINUTE_MS,
    stages: [100_000, 500_000].map((sharePerMillion) => ({
      allocations: [{ sharePerMillion }],
      bakeMs: 2 * MINUTE_MS,
      minimumSample: 0,
    })),
    guardrails,
    signals: [],
    batchMs: 30_000,
    horizonsMs: [MINUTE_MS],
    alphaHarm: 0.05,
    ...change,
  });
}

type Tracks = (visit: Visit) => readonly Omit<OutcomeItem, 'unit'>[];

function simulation(plan: Plan, tracks: Tracks, users = 1e9): Simulation {
  return new Simulation({
    plan,
    metrics: [BASKET, CHECKOUT, RETURNED],
    seed: 11,
    users,
    visitsPerReport: 400,
    outcome: (visit) => ({ failed: false, latencyMs: 20, tracked: tracks(visit) }),
  });
}

/** A quarter of the visits buy, for up to 80. */
function buys({ random, atMs }: Visit, factor: number): Omit<OutcomeItem, 'unit'>[] {
  if (random() > 0.25) return [];
  const sum = Math.round(8_000 * random() * factor) / 100;
  return [{ metric: 'basket.value', atMs, value: 1, values: { sum, largest: sum, last: sum } }];
}

describe('a rollout guarded by a mean', () => {
  const plan = planOn([guardrail('basket.value', 0.2)]);

  test('goes up while baskets are what they were', () => {
    const healthy = simulation(plan, (visit) => buys(visit, 1));
    healthy.run(240 * MINUTE_MS, ({ status }) => status === 'completed' || status === 'rolledBack');
    expect(healthy.rollout.status).toBe('completed');
  });

  test('comes down when they fall, and says by how much', () => {
    const harmful = simulation(plan, (visit) => buys(visit, visit.arm === 'treatment' ? 0.5 : 1));
    harmful.run(240 * MINUTE_MS, ({ status }) => status === 'completed' || status === 'rolledBack');
    expect(harmful.rollout.status).toBe('rolledBack');
    expect(harmful.rollout.cause?.text).toContain('basket.value');
    const totals = harmful.evidence?.totals.find(({ stage }) => stage === -1);
    expect(totals).toMatchObject({ kind: 'mean', worse: 'lower' });
  });

  test('is told the mean that brute force finds, capped in both arms', () => {
    const spent = new Map<string, Map<string, number>>();
    const told = simulation(
      plan,
      (visit) => {
        const items = buys(visit, 3);
        const { stage, arm, user } = visit;
        const place = `${stage}/${arm}`;
        const users = spent.get(place) ?? new Map<string, number>();
        const sum = items.reduce((total, { values }) => total + (values?.sum ?? 0), 0);
        users.set(user, (users.get(user) ?? 0) + sum);
        spent.set(place, users);
        return items;
      },
      1e9,
    );
    told.run(20 * MINUTE_MS, ({ stage }) => stage > 0);
    const rollout = [...told.telemetry.rollouts.values()][0];
    const baseline = rollout?.baseline.means.get('basket.value@60000');
    // With as many users as this nobody comes twice: a unit's sum is what its only visit spent.
    const figures = [...(spent.get('-1/control')?.values() ?? [])].map((sum) => Math.min(200, sum));
    const mean = figures.reduce((sum, figure) => sum + figure, 0) / figures.length;
    expect(baseline?.count).toBeGreaterThan(5_000);
    expect(Math.max(...figures)).toBe(200);
    expect(baseline?.mean).toBeCloseTo(mean, 0);
  });
});

describe('a rollout guarded by a funnel', () => {
  const plan = planOn([guardrail('checkout', 0.1)]);

  /** Whoever comes to the cart goes on with these chances. */
  function walks({ random, atMs }: Visit, onwards: number): Omit<OutcomeItem, 'unit'>[] {
    const events = ['cart', 'address', 'paid'];
    const taken = [1, random() < 0.8 ? 1 : 0, random() < onwards ? 1 : 0];
    const until = taken.indexOf(0) < 0 ? 3 : taken.indexOf(0);
    return events.slice(0, until).map((metric, step) => ({ metric, atMs: atMs + step, value: 1 }));
  }

  test('comes down when the last step is taken less often, and shows where they stop', () => {
    const harmful = simulation(plan, (visit) =>
      walks(visit, visit.arm === 'treatment' ? 0.3 : 0.7),
    );
    harmful.run(240 * MINUTE_MS, ({ status }) => status === 'completed' || status === 'rolledBack');
    expect(harmful.rollout.status).toBe('rolledBack');
    expect(harmful.rollout.cause?.text).toContain('checkout');
    const [funnel] = harmful.evidence?.funnels.filter(({ stage }) => stage === 0) ?? [];
    const [cart, address, paid] = funnel?.reached.treatment ?? [];
    expect(cart).toBe(funnel?.units.treatment);
    expect((address ?? 0) / (cart ?? 1)).toBeCloseTo(0.8, 0);
    expect((paid ?? 0) / (address ?? 1)).toBeLessThan(0.5);
    expect(harmful.rollout.cause).toBeDefined();
  });

  test('does not take steps in another order for a way through', () => {
    const backwards = simulation(
      plan,
      ({ atMs }) =>
        ['paid', 'address', 'cart'].map((metric, step) => ({
          metric,
          atMs: atMs + step,
          value: 1,
        })),
      1e9,
    );
    backwards.run(10 * MINUTE_MS, ({ stage }) => stage > 0);
    const rollout = [...backwards.telemetry.rollouts.values()][0];
    const counts = rollout?.baseline.rates.get('checkout@60000');
    expect(counts?.units).toBeGreaterThan(1_000);
    expect(counts?.bad).toBe(counts?.units);
  });
});

describe('a rollout guarded by retention', () => {
  const plan = planOn([guardrail('returned', 0.15)], {
    baselineMs: 8 * MINUTE_MS,
    whenStageTooLong: { afterMs: 120 * MINUTE_MS, then: 'pause' },
  });

  /** A visit is active with this chance; a user comes every 100 seconds on average. */
  function returns({ random, atMs }: Visit, chance: number): Omit<OutcomeItem, 'unit'>[] {
    return random() < chance ? [{ metric: 'active', atMs, value: 1 }] : [];
  }

  test('waits for the window of its units, and goes up while they come back', () => {
    const healthy = simulation(plan, (visit) => returns(visit, 0.8), 4_000);
    healthy.run(60 * MINUTE_MS, ({ stage }) => stage === 1);
    expect(healthy.rollout.stage).toBe(1);
    const [first] = healthy.steps.filter(({ step }) => step.command?.type === 'advanceRollout');
    const [, second] = healthy.steps.filter(({ step }) => step.command?.type === 'advanceRollout');
    // The first step up ends the baseline; the next one has to see units for three minutes.
    expect((second?.atMs ?? 0) - (first?.atMs ?? 0)).toBeGreaterThan(3 * MINUTE_MS);
  });

  test('comes down when they stay away', () => {
    const harmful = simulation(
      plan,
      (visit) => returns(visit, visit.arm === 'treatment' ? 0.2 : 0.8),
      4_000,
    );
    harmful.run(120 * MINUTE_MS, ({ status }) => status === 'completed' || status === 'rolledBack');
    expect(harmful.rollout.status).toBe('rolledBack');
    expect(harmful.rollout.cause?.text).toContain('returned');
  });
});

describe('the fold of these metrics', () => {
  const simulated = simulation(
    planOn(
      ['basket.value', 'checkout', 'returned'].map((metric) =>
        guardrail(metric, 0.2, { weight: 1 / 3 }),
      ),
      { slices: [{ attribute: 'platform', minimumSample: 20 }] },
    ),
    (visit) => [
      ...buys(visit, 1),
      { metric: 'cart', atMs: visit.atMs, value: 1 },
      { metric: 'paid', atMs: visit.atMs + 5, value: 1 },
      { metric: 'active', atMs: visit.atMs, value: 2, lastAtMs: visit.atMs + 5_000 },
    ],
    3_000,
  );
  simulated.run(20 * MINUTE_MS, () => false);
  const rows = simulated.rows;

  function fold(all: readonly IntakeRow[]): TelemetryState {
    const state = createTelemetryState({ graceMs: 10_000 });
    for (const row of all) foldIntake(state, row);
    return state;
  }

  function text(state: TelemetryState): string {
    return JSON.stringify(serializeTelemetry(state));
  }

  function restarted(checkpoint: string): TelemetryState {
    const state = deserializeTelemetry(JSON.parse(checkpoint) as SerializedTelemetry);
    return state ?? expect.fail('the checkpoint was refused');
  }

  function figures(state: TelemetryState): unknown {
    const [id = ''] = [...state.rollouts.keys()];
    const evidence = evidenceOf(state, id, rows.at(-1)?.atMs ?? 0);
    const { totals, funnels, assessment } = evidence ?? expect.fail('there is no rollout');
    return { totals, funnels, assessment };
  }

  test('goes on from a checkpoint as if it had never stopped (invariant 8)', () => {
    const expected = text(fold(rows));
    // One fold that stops at several places costs what one does, and shows what a restart leaves for the next.
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(rows.length), { minLength: 6, maxLength: 6 }), (stops) => {
        let state = fold([]);
        rows.forEach((row, at) => {
          if (stops.includes(at)) state = restarted(text(state));
          foldIntake(state, row);
        });
        expect(text(state)).toBe(expected);
      }),
      { numRuns: 2, seed: 3 },
    );
  });

  test('gives the same figures whatever the order of reports between two other rows', () => {
    const expected = figures(fold(rows));
    const groups: IntakeRow[][] = [[]];
    for (const row of rows) {
      if (row.type === 'report') groups.at(-1)?.push(row);
      else groups.push([row], []);
    }
    const reversed = groups.flatMap((group) => group.toReversed());
    const renumbered = reversed.map((row, index) => ({ ...row, sequence: index + 1 }));
    expect(figures(fold(renumbered))).toEqual(expected);
  });
});
