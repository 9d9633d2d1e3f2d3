import { buildSnapshot } from '@downhaul/control';
import { describe, expect, test } from 'vitest';
import {
  SOME_CAUSE,
  SOME_FIGURES,
  someFlag,
  somePlan,
  startedWorld,
  type World,
} from '../support/world.ts';

const SITE = { flag: 'new-checkout', environment: 'production' } as const;
const PLACE = { project: 'default', environment: 'production' } as const;
const ADVANCE = { type: 'advanceRollout', ...SITE, figures: SOME_FIGURES } as const;
const ROLL_BACK = { type: 'rollbackRollout', ...SITE, cause: SOME_CAUSE } as const;
const acme = { attribute: 'tenant', in: ['acme'] } as const;

const PLAN = somePlan({
  holdbackPerMillion: 100_000,
  stages: [
    { allocations: [{ audience: acme, sharePerMillion: 500_000 }], bakeMs: 0, minimumSample: 0 },
    { allocations: [{ sharePerMillion: 1_000_000 }], bakeMs: 0, minimumSample: 0 },
  ],
  signals: [
    {
      metric: 'http.latency',
      quantile: 0.99,
      worse: 'higher',
      margin: { relative: 0.1, absolute: 0 },
      weight: 1,
    },
  ],
  success: [{ metric: 'http.error_rate', better: 'lower', by: { relative: 0.01 } }],
});

function world(): World {
  const made = startedWorld();
  made.accept({ type: 'putFlag', definition: someFlag() });
  made.accept({ type: 'startRollout', ...SITE, plan: PLAN });
  return made;
}

function rolloutOf(made: World) {
  const snapshot = buildSnapshot(made.state, PLACE, { pages: () => undefined });
  return snapshot?.flags['new-checkout']?.rollout;
}

function record(made: World, clock: 'reached' | 'recovered'): void {
  const proof = made.here('new-checkout')?.proof ?? '';
  made.accept({ type: 'recordProof', proof, clock, outcome: 'proven', statement: '', missing: [] });
}

describe('the rollout in a snapshot', () => {
  test('measures a baseline of the first stage’s audience at share zero', () => {
    expect(rolloutOf(world())).toEqual({
      id: 'default/production/new-checkout#1',
      attempt: 1,
      phase: 'baseline',
      stage: -1,
      to: 'on',
      control: 'off',
      unit: 'targetingKey',
      salt: 'new-checkout',
      allocations: [{ audience: acme, sharePerMillion: 0 }],
      peak: [],
      measured: true,
      metrics: ['http.error_rate', 'http.latency'],
    });
  });

  test('serves its stages, held and paused ones too', () => {
    const made = world();
    made.accept(ADVANCE);
    const stage = {
      phase: 'stage',
      stage: 0,
      allocations: [{ audience: acme, sharePerMillion: 500_000 }],
      peak: [{ audience: acme, sharePerMillion: 500_000 }],
    };
    expect(rolloutOf(made)).toMatchObject(stage);
    const version = made.state.projects.get('default')?.environments.get('production')?.version;
    made.accept({ type: 'holdRollout', ...SITE, cause: SOME_CAUSE });
    made.accept({ type: 'pauseRollout', ...SITE, cause: SOME_CAUSE });
    expect(rolloutOf(made)).toMatchObject(stage);
    expect(made.state.projects.get('default')?.environments.get('production')?.version).toBe(
      version,
    );
  });

  test('watches after completion less the holdback, then serves everyone unmeasured', () => {
    const made = world();
    for (let each = 0; each < 3; each++) made.accept(ADVANCE);
    const watched = {
      phase: 'watch',
      stage: 1,
      measured: true,
      allocations: [{ sharePerMillion: 900_000 }],
    };
    expect(rolloutOf(made)).toMatchObject(watched);
    made.accept({ type: 'endWatch', ...SITE });
    const over = [{ sharePerMillion: 1_000_000 }];
    expect(rolloutOf(made)).toMatchObject({
      phase: 'watch',
      measured: false,
      allocations: over,
      peak: over,
    });
  });

  test('recovers at share zero, measured until that clock is decided, and stays', () => {
    const made = world();
    made.accept(ADVANCE);
    made.accept(ADVANCE);
    made.accept(ROLL_BACK);
    const recovery = {
      phase: 'recovery',
      stage: -2,
      allocations: [{ sharePerMillion: 0 }],
      peak: [{ sharePerMillion: 900_000 }],
    };
    expect(rolloutOf(made)).toMatchObject({ ...recovery, measured: true });
    record(made, 'reached');
    expect(rolloutOf(made)).toMatchObject({ ...recovery, measured: true });
    record(made, 'recovered');
    expect(rolloutOf(made)).toMatchObject({ ...recovery, measured: false });
  });

  test('that was rolled back while measuring keeps the audience that was measured', () => {
    const made = world();
    made.accept(ROLL_BACK);
    expect(rolloutOf(made)).toMatchObject({
      phase: 'recovery',
      allocations: [{ audience: acme, sharePerMillion: 0 }],
    });
  });

  test('recovers while the flag is down, and is where it was after the up', () => {
    const made = world();
    made.accept(ADVANCE);
    const stage = rolloutOf(made);
    made.accept({ type: 'downFlag', ...SITE });
    expect(rolloutOf(made)).toMatchObject({
      phase: 'recovery',
      measured: true,
      allocations: [{ audience: acme, sharePerMillion: 0 }],
    });
    record(made, 'recovered');
    expect(rolloutOf(made)?.measured).toBe(false);
    made.accept({ type: 'upFlag', ...SITE });
    expect(rolloutOf(made)).toEqual(stage);
  });

  test('is gone when another `serve` took its place', () => {
    const made = world();
    made.accept(ROLL_BACK);
    const served = someFlag({
      kind: 'operational',
      environments: { production: { serve: 'off', rules: [] } },
    });
    made.accept({ type: 'putFlag', definition: served });
    expect(rolloutOf(made)).toBeDefined();
    const other = {
      ...served,
      variants: { on: true, off: false, o2: false },
      environments: { production: { serve: 'o2', rules: [] } },
    };
    made.accept({ type: 'putFlag', definition: other });
    expect(rolloutOf(made)).toBeUndefined();
  });
});
