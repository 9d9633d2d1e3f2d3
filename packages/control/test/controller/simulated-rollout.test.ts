import { describe, expect, test } from 'vitest';
import { Simulation, type SimulationOptions, type Visit } from '../support/simulation.ts';
import { somePlan } from '../support/world.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

const PLAN = somePlan({
  baselineMs: 10 * MINUTE_MS,
  stages: [50_000, 250_000, 500_000, 1_000_000].map((sharePerMillion) => ({
    allocations: [{ sharePerMillion }],
    bakeMs: 10 * MINUTE_MS,
    minimumSample: 100,
  })),
  guardrails: [
    {
      metric: 'http.error_rate',
      worse: 'higher',
      margin: { relative: 0.2, absolute: 0.01 },
      weight: 0.5,
    },
    {
      metric: 'http.latency',
      quantile: 0.95,
      worse: 'higher',
      margin: { relative: 0.2, absolute: 0 },
      weight: 0.5,
    },
  ],
  harmBudget: 200,
  reactionTimeMs: 10 * MINUTE_MS,
  horizonsMs: [MINUTE_MS, 5 * MINUTE_MS],
  whenStageTooLong: { afterMs: 3 * HOUR_MS, then: 'pause' },
});

function simulate(change: Partial<SimulationOptions> = {}): Simulation {
  return new Simulation({
    plan: PLAN,
    seed: 1,
    users: 30_000,
    visitsPerReport: 250,
    outcome: healthy,
    ...change,
  });
}

function healthy({ random }: Visit) {
  return { failed: random() < 0.01, latencyMs: 20 * Math.exp(0.8 * normal(random)) };
}

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

const isOver = ({ status }: { status: string }) =>
  status === 'completed' || status === 'rolledBack';

describe('a rollout in virtual time', { timeout: 60_000 }, () => {
  test('of a good feature reaches everyone', () => {
    const simulation = simulate();
    simulation.run(8 * HOUR_MS, isOver);
    expect(simulation.rollout.status).toBe('completed');
    expect(commandsOf(simulation)).toEqual([
      ...['advanceRollout', 'advanceRollout', 'advanceRollout', 'advanceRollout'],
      'completeRollout',
    ]);
  });

  test('of a feature that breaks another service is rolled back after few failures', () => {
    const simulation = simulate({
      outcome: (visit) => ({
        ...healthy(visit),
        failed: visit.random() < (visit.arm === 'treatment' ? 0.15 : 0.01),
      }),
    });
    simulation.run(8 * HOUR_MS, isOver);
    expect(simulation.rollout.status).toBe('rolledBack');
    expect(simulation.rollout.stage).toBe(0);
    expect(simulation.rollout.cause?.code).toBe('harm');
    expect(simulation.rollout.cause?.text).toContain('http.error_rate');
    expect(simulation.treatedFailures).toBeLessThan(60);
  });

  test('of a feature that slows the slowest requests only is rolled back', () => {
    const simulation = simulate({
      outcome: (visit) => {
        const { failed, latencyMs } = healthy(visit);
        const slow = visit.arm === 'treatment' && visit.random() < 0.1;
        return { failed, latencyMs: slow ? latencyMs * 20 : latencyMs };
      },
    });
    simulation.run(8 * HOUR_MS, isOver);
    expect(simulation.rollout.status).toBe('rolledBack');
    expect(simulation.rollout.cause?.text).toContain('http.latency:p95');
  });

  test('holds while no telemetry arrives, and goes on when it does', () => {
    const from = 15 * MINUTE_MS;
    const to = 27 * MINUTE_MS;
    // Units of batches that counted for harm only are spent: enough must be left for the stage.
    const simulation = simulate({
      users: 60_000,
      reports: (sinceMs) => sinceMs < from || sinceMs > to,
    });
    simulation.run(to, () => false);
    expect(simulation.rollout.status).toBe('held');
    expect(simulation.rollout.stage).toBe(0);
    expect(simulation.rollout.cause?.code).toBe('blind_both');
    // The reports that never arrived are waited for as long as a silent instance.
    simulation.run(8 * MINUTE_MS, ({ status }) => status === 'running');
    expect(simulation.rollout.status).toBe('running');
    simulation.run(2 * HOUR_MS, ({ stage }) => stage > 0);
    expect(simulation.rollout.stage).toBe(1);
  });

  test('rolls back when treatment alone falls silent', () => {
    const simulation = simulate({
      arrives: ({ arm }, sinceMs) => arm === 'control' || sinceMs < 15 * MINUTE_MS,
    });
    simulation.run(8 * HOUR_MS, isOver);
    expect(simulation.rollout.status).toBe('rolledBack');
    expect(simulation.rollout.stage).toBe(0);
    expect(['treatment_silent', 'treatment_missing']).toContain(simulation.rollout.cause?.code);
  });

  test('rolls back when the rate rises with the raise to everyone', () => {
    const simulation = simulate({
      outcome: (visit) => ({
        ...healthy(visit),
        failed: visit.random() < (visit.stage === 3 ? 0.2 : 0.01),
      }),
    });
    simulation.run(8 * HOUR_MS, isOver);
    expect(simulation.rollout.status).toBe('rolledBack');
    expect(simulation.rollout.stage).toBe(3);
    expect(simulation.rollout.cause?.code).toBe('raise_exceeded');
    simulation.run(
      HOUR_MS,
      () => simulation.world.state.proofs.values().next().value?.clocks.recovered !== undefined,
    );
  });

  test('with too little traffic pauses and never ships', () => {
    const simulation = simulate({ users: 300, visitsPerReport: 1 });
    simulation.run(8 * HOUR_MS, ({ status }) => status === 'paused');
    expect(simulation.rollout.status).toBe('paused');
    expect(simulation.rollout.stage).toBeLessThan(1);
  });
});

function commandsOf({ steps }: Simulation) {
  return steps.map(({ step }) => step.command?.type);
}
