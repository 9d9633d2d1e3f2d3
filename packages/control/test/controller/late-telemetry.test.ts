import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Simulation, type SimulationOptions, type Visit } from '../support/simulation.ts';
import { somePlan } from '../support/world.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const INSTANCES = ['store-1', 'store-2', 'pay-1'] as const;

const PLAN = somePlan({
  baselineMs: 5 * MINUTE_MS,
  stages: [200_000, 500_000, 1_000_000].map((sharePerMillion) => ({
    allocations: [{ sharePerMillion }],
    bakeMs: 5 * MINUTE_MS,
    minimumSample: 50,
  })),
  guardrails: [
    {
      metric: 'http.error_rate',
      worse: 'higher',
      margin: { relative: 0.2, absolute: 0.05 },
      weight: 1,
    },
  ],
  harmBudget: 1_000,
  reactionTimeMs: 5 * MINUTE_MS,
  horizonsMs: [MINUTE_MS],
  whenStageTooLong: { afterMs: 6 * HOUR_MS, then: 'pause' },
});

function simulate(change: Partial<SimulationOptions> = {}): Simulation {
  return new Simulation({
    plan: PLAN,
    seed: 1,
    users: 20_000,
    visitsPerReport: 60,
    outcome: healthy,
    ...change,
  });
}

function healthy({ random }: Visit) {
  return { failed: random() < 0.01, latencyMs: 20 };
}

/** Payments fails for every third treated unit. */
function harmful({ arm, random }: Visit) {
  return { failed: random() < (arm === 'treatment' ? 0.33 : 0.01), latencyMs: 20 };
}

function holds({ steps }: Simulation): string[] {
  return steps.flatMap(({ step: { command } }) =>
    command?.type === 'holdRollout' ? [command.cause.text] : [],
  );
}

const isOver = ({ status }: { status: string }) =>
  ['completed', 'rolledBack', 'paused'].includes(status);

describe(
  'payments whose reports are 20 s late while it fails for treated units',
  {
    timeout: 60_000,
  },
  () => {
    test('exposes nobody where they are late from the start', () => {
      const simulation = simulate({
        outcome: harmful,
        delayMs: (instance) => (instance === 'pay-1' ? 20 * SECOND_MS : 0),
      });
      simulation.run(HOUR_MS, isOver);
      expect(simulation.rollout).toMatchObject({ status: 'held', stage: -1 });
      expect(simulation.rollout.cause).toMatchObject({ code: 'telemetry_late' });
      expect(simulation.treatedUsers.size).toBe(0);
    });

    test('is rolled back where they become late later, or goes no further', () => {
      const simulation = simulate({
        outcome: harmful,
        delayMs: (instance, sinceMs) =>
          instance === 'pay-1' && sinceMs > 5 * MINUTE_MS ? 20 * SECOND_MS : 0,
      });
      simulation.run(HOUR_MS, isOver);
      expect(simulation.rollout.stage).toBe(0);
      expect(['held', 'rolledBack']).toContain(simulation.rollout.status);
    });

    test('goes no further where every failure comes after its unit was counted', () => {
      const simulation = simulate({
        plan: { ...PLAN, batchMs: 10 * SECOND_MS, horizonsMs: [10 * SECOND_MS] },
        outcome: harmful,
        delayMs: (instance, sinceMs) =>
          instance === 'pay-1' && sinceMs > 5 * MINUTE_MS ? 40 * SECOND_MS : 0,
      });
      simulation.run(HOUR_MS, isOver);
      const { assessment, dropped } = simulation.evidence ?? expect.fail('there is no evidence');
      expect(simulation.rollout).toMatchObject({ status: 'held', stage: 0 });
      expect(simulation.rollout.cause?.text).toContain('payments/pay-1');
      // Nothing but lateness stands in the way: what arrived in time looks healthy.
      expect(assessment.harm.harmful).toBe(false);
      expect(dropped.lateOutcomes).toBeGreaterThan(20);
    });
  },
);

describe('an instance that falls silent', { timeout: 60_000 }, () => {
  test('for good, and its service with it, holds and then does what the plan says', () => {
    for (const then of ['pause', 'rollback'] as const) {
      const simulation = simulate({
        plan: { ...PLAN, whenBlind: { ...PLAN.whenBlind, holdMs: 30 * MINUTE_MS, then } },
        outcome: harmful,
        delayMs: (instance, sinceMs) =>
          instance === 'pay-1' && sinceMs > 5 * MINUTE_MS ? Infinity : 0,
      });
      simulation.run(HOUR_MS, isOver);
      expect(simulation.rollout.status).toBe(then === 'pause' ? 'paused' : 'rolledBack');
      expect(simulation.rollout.stage).toBe(0);
      expect(simulation.rollout.cause?.code).toBe('telemetry_late');
      expect(simulation.rollout.cause?.text).toContain('No instance is left to report of payments');
      expect(holds(simulation)[0]).toContain('payments/pay-1');
    }
  });

  test('before it was ever heard of keeps a service that the flag affects blind', () => {
    const simulation = simulate({ affects: ['storefront', 'search'] });
    simulation.run(20 * MINUTE_MS, isOver);
    expect(simulation.rollout).toMatchObject({ status: 'held', stage: -1 });
    expect(simulation.evidence?.late).toEqual(['search']);
  });

  test('holds for a short time where another of its service goes on', () => {
    const killedAtMs = 6 * MINUTE_MS;
    const simulation = simulate({
      lives: (instance, sinceMs) => instance !== 'store-2' || sinceMs < killedAtMs,
    });
    simulation.run(killedAtMs + 2 * MINUTE_MS, () => false);
    expect(simulation.rollout).toMatchObject({ status: 'held', stage: 0 });
    expect(simulation.evidence?.late).toEqual(['storefront/store-2']);
    simulation.run(6 * MINUTE_MS, ({ status }) => status === 'running');
    expect(simulation.rollout.status).toBe('running');
    expect(simulation.evidence?.lostInstances).toMatchObject({ names: ['store-2'], excess: false });
    simulation.run(4 * HOUR_MS, isOver);
    expect(simulation.rollout.status).toBe('completed');
    expect(holds(simulation)).toHaveLength(1);
  });
});

interface Episode {
  readonly instance: string;
  readonly fromTick: number;
  readonly ticks: number;
  readonly delaySeconds: number;
}

const episodes: fc.Arbitrary<readonly Episode[]> = fc.array(
  fc.record({
    instance: fc.constantFrom(...INSTANCES),
    fromTick: fc.nat(120),
    ticks: fc.integer({ min: 1, max: 30 }),
    // Within the silence after which an instance is lost.
    delaySeconds: fc.integer({ min: 1, max: 200 }),
  }),
  { minLength: 1, maxLength: 5 },
);

function delayed(drawn: readonly Episode[]): NonNullable<SimulationOptions['delayMs']> {
  return (instance, sinceStartMs) => {
    const tick = sinceStartMs / (10 * SECOND_MS);
    const late = drawn
      .filter(({ fromTick, ticks }) => tick >= fromTick && tick < fromTick + ticks)
      .filter((episode) => episode.instance === instance);
    return SECOND_MS * Math.max(0, ...late.map(({ delaySeconds }) => delaySeconds));
  };
}

/** Whether every report about the time up to `endMs` had arrived by `nowMs`. */
function allArrived({ sent }: Simulation, endMs: number, nowMs: number): boolean {
  return INSTANCES.every((id) => {
    const own = sent.filter(({ instance }) => instance.id === id);
    const first = own.findIndex(({ report }) => report.sentAtMs >= endMs);
    return first >= 0 && own.slice(0, first + 1).every(({ arrivesAtMs }) => arrivesAtMs <= nowMs);
  });
}

/** The batches that one tick closed, and whether it raised anything. */
function tickOf(simulation: Simulation) {
  const telemetry = simulation.telemetry.rollouts.get(simulation.rollout.id);
  const before = telemetry?.closedBatches ?? 0;
  const decided = simulation.steps.length;
  simulation.tick();
  const closed = (telemetry?.closedBatches ?? 0) - before;
  return {
    nowMs: simulation.world.nowMs,
    closedThroughMs: telemetry?.closedThroughMs ?? Infinity,
    batches: closed === 0 ? [] : (telemetry?.recent.slice(-closed) ?? []),
    raised: simulation.steps
      .slice(decided)
      .filter(({ step: { command } }) => RAISING.includes(command?.type ?? '')).length,
  };
}

const RAISING = ['advanceRollout', 'completeRollout'];

describe('whatever is delayed', { timeout: 60_000 }, () => {
  test('nothing advances while reports of a live instance are missing (invariant 5)', () => {
    let raises = 0;
    let incomplete = 0;
    fc.assert(
      fc.property(episodes, fc.nat(1_000), (drawn, seed) => {
        const simulation = simulate({ seed, delayMs: delayed(drawn) });
        for (let tick = 0; tick < 180 && !isOver(simulation.rollout); tick++) {
          const { nowMs, closedThroughMs, batches, raised } = tickOf(simulation);
          for (const { endMs, complete, missing } of batches) {
            expect(complete).toBe(allArrived(simulation, endMs, nowMs));
            expect(complete).toBe(missing.length === 0);
          }
          incomplete += batches.filter(({ complete }) => !complete).length;
          raises += raised;
          if (raised > 0) expect(allArrived(simulation, closedThroughMs, nowMs)).toBe(true);
        }
      }),
      { numRuns: 25, seed: 11 },
    );
    expect(raises).toBeGreaterThan(20);
    expect(incomplete).toBeGreaterThan(20);
  });

  test('harm still rolls back (invariant 4)', () => {
    fc.assert(
      fc.property(episodes, fc.nat(1_000), (drawn, seed) => {
        const simulation = simulate({ seed, outcome: harmful, delayMs: delayed(drawn) });
        simulation.run(90 * MINUTE_MS, isOver);
        expect(simulation.rollout).toMatchObject({ status: 'rolledBack', stage: 0 });
        expect(simulation.rollout.cause?.code).toBe('harm');
      }),
      { numRuns: 15, seed: 12 },
    );
  });
});
