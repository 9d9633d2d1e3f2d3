import {
  createTelemetryState,
  deserializeTelemetry,
  evidenceOf,
  foldIntake,
  type IntakeRow,
  serializeTelemetry,
  type SerializedTelemetry,
  type TelemetryState,
} from '@downhaul/control';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Simulation } from '../support/simulation.ts';
import { somePlan } from '../support/world.ts';

const MINUTE_MS = 60_000;
const GUARDRAILS = [
  {
    metric: 'http.error_rate',
    worse: 'higher',
    margin: { relative: 0.2, absolute: 0.05 },
    weight: 0.5,
  },
  {
    metric: 'http.latency',
    quantile: 0.9,
    worse: 'higher',
    margin: { relative: 0.5, absolute: 0 },
    weight: 0.5,
  },
] as const;

/** Rows of a short rollout through two stages and a rollback, with harm, by two instances and a third. */
const ROWS = recorded();

function recorded(): readonly IntakeRow[] {
  const simulation = new Simulation({
    plan: somePlan({
      baselineMs: 3 * MINUTE_MS,
      stages: [200_000, 500_000, 1_000_000].map((sharePerMillion) => ({
        allocations: [{ sharePerMillion }],
        bakeMs: 2 * MINUTE_MS,
        minimumSample: 0,
      })),
      guardrails: GUARDRAILS,
      batchMs: 30_000,
      horizonsMs: [30_000, 2 * MINUTE_MS],
      slices: ['service', 'platform', 'plan'].map((attribute) => ({
        attribute,
        minimumSample: 20,
      })),
    }),
    context: (user) => ({ platform: user.endsWith('7') ? 'ios' : 'web' }),
    seed: 7,
    users: 3_000,
    visitsPerReport: 60,
    outcome: ({ arm, stage, random }) => ({
      failed: random() < (arm === 'treatment' && stage > 0 ? 0.3 : 0.05),
      latencyMs: 10 + 100 * random(),
    }),
  });
  simulation.run(60 * MINUTE_MS, ({ status }) => status === 'rolledBack');
  simulation.run(3 * MINUTE_MS, () => false);
  return simulation.rows;
}

function fold(rows: readonly IntakeRow[]): TelemetryState {
  const state = createTelemetryState({ graceMs: 10_000 });
  for (const row of rows) foldIntake(state, row);
  return state;
}

/** Everything that is decided by, apart from where in the intake it was read. */
function figures(state: TelemetryState) {
  const [id = ''] = [...state.rollouts.keys()];
  const evidence = evidenceOf(state, id, ROWS.at(-1)?.atMs ?? 0);
  return { ...evidence, throughSequence: 0 };
}

function text(state: TelemetryState): string {
  return JSON.stringify(serializeTelemetry(state));
}

/** Reports between two other rows come in another order, and some of them again. */
function shuffled(rows: readonly IntakeRow[], keys: readonly number[]): IntakeRow[] {
  const result: IntakeRow[] = [];
  let group: IntakeRow[] = [];
  let used = 0;
  const flush = () => {
    const again = group.filter((_, index) => (keys[(used + index) % keys.length] ?? 0) % 3 === 0);
    const keyed = [...group, ...again].map((row) => ({
      row,
      key: keys[used++ % keys.length] ?? 0,
    }));
    result.push(...keyed.sort((one, other) => one.key - other.key).map(({ row }) => row));
    group = [];
  };
  for (const row of rows) {
    if (row.type === 'report') group.push(row);
    else {
      flush();
      result.push(row);
    }
  }
  flush();
  let atMs = 0;
  return result.map((row, index) => {
    atMs = Math.max(atMs, row.atMs);
    return { ...row, sequence: index + 1, atMs };
  });
}

describe('the fold of the intake', () => {
  test('was tested on rows that tell something', () => {
    const { assessment, dropped, slices } = figures(fold(ROWS));
    expect(slices?.map(({ dimension, value }) => `${dimension}=${value}`)).toEqual([
      'service=payments',
      'service=storefront',
      'platform=ios',
      'platform=web',
      'plan=unknown',
    ]);
    expect(assessment?.harm.harmful).toBe(true);
    expect(dropped?.impossibleArm).toBe(0);
    expect(ROWS.length).toBeGreaterThan(150);
  });

  test('gives the same figures for shuffled, repeated and retried reports (invariant 7)', () => {
    const expected = figures(fold(ROWS));
    const keys = fc.array(fc.nat(1_000), { minLength: 50, maxLength: 50 });
    fc.assert(
      fc.property(keys, (order) => {
        expect(figures(fold(shuffled(ROWS, order)))).toEqual(expected);
      }),
      { numRuns: 15, seed: 1 },
    );
  });

  test('gives the same state for the same rows, bit for bit (invariant 8)', () => {
    expect(text(fold(ROWS))).toBe(text(fold(ROWS)));
  });

  test('ignores rows that it has folded before', () => {
    const state = fold(ROWS);
    const before = text(state);
    for (const row of ROWS.slice(-40)) foldIntake(state, row);
    expect(text(state)).toBe(before);
  });

  test('goes on from a checkpoint as if it had never stopped (invariant 8)', () => {
    const expected = text(fold(ROWS));
    fc.assert(
      fc.property(fc.nat(ROWS.length), (at) => {
        const checkpoint = text(fold(ROWS.slice(0, at)));
        const state = deserializeTelemetry(JSON.parse(checkpoint) as SerializedTelemetry);
        if (state === undefined) expect.fail('the checkpoint was refused');
        for (const row of ROWS.slice(at)) foldIntake(state, row);
        expect(text(state)).toBe(expected);
      }),
      { numRuns: 12, seed: 2 },
    );
  });

  test('refuses a checkpoint of another format', () => {
    const checkpoint = { ...serializeTelemetry(fold([])), formatVersion: 0 };
    expect(deserializeTelemetry(checkpoint as unknown as SerializedTelemetry)).toBeUndefined();
  });
});
