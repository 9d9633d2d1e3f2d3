import {
  applyDelta,
  compile,
  flagEntryProblems,
  type Snapshot,
  validateDelta,
  validateSnapshot,
} from '@downhaul/engine';
import { buildSnapshot, type CommandBody, SnapshotBuilder } from '@downhaul/control';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { flagEntry } from '../../src/snapshot/snapshot-flag.ts';
import { valueOf } from '../support/plain-reading.ts';
import {
  anyStep,
  ENVIRONMENTS,
  FLAGS,
  SEGMENTS,
  sentOf,
  type Step,
  UNITS,
} from '../support/random-documents.ts';
import { quickPlan, SOME_CAUSE, someFlag, startedWorld, type World } from '../support/world.ts';

const PRODUCTION = { project: 'default', environment: 'production' } as const;
const NO_PAGES = { pages: () => undefined };
/** The snapshots of a world, each followed event by event as a server and its SDKs do. */
class Followed {
  readonly world = startedWorld();
  readonly builder = new SnapshotBuilder(NO_PAGES);
  readonly snapshots = new Map<string, Snapshot>();

  constructor() {
    for (const key of SEGMENTS) {
      const tenants = { attribute: 'tenant', in: ['x'] } as const;
      this.world.accept({ type: 'putSegment', key, owner: 'team', if: tenants });
    }
    for (const key of FLAGS) {
      const rollout = { plan: quickPlan(), to: 'on', attempt: 1 };
      const here = { serve: 'off', rules: [], rollout };
      const definition = someFlag({
        key,
        type: 'string',
        variants: { on: 'on', off: 'off', grün: 'grün' },
        environments: { production: here, staging: here },
      });
      this.world.accept({ type: 'putFlag', definition });
    }
    for (const environment of ENVIRONMENTS) {
      const place = { project: 'default', environment };
      this.builder.delta(this.world.state, place);
      this.snapshots.set(environment, buildSnapshot(this.world.state, place, NO_PAGES)!);
    }
  }

  take(step: Step): boolean {
    const from = this.world.log.length;
    const sent = sentOf(this.world, step);
    if (sent === undefined || !this.world.send(sent).ok) return false;
    for (const event of this.world.log.slice(from)) this.builder.note(this.world.state, event);
    for (const environment of ENVIRONMENTS) this.#follow(environment);
    return true;
  }

  #follow(environment: string): void {
    const place = { project: 'default', environment };
    const { state } = this.world;
    const before = this.snapshots.get(environment)!;
    const delta = this.builder.delta(state, place);
    const built = buildSnapshot(state, place, NO_PAGES)!;
    expect(validateSnapshot(built)).toMatchObject({ ok: true });
    expect(this.builder.snapshot(state, place)).toEqual(built);
    if (delta === undefined) expect(built).toEqual(before);
    else {
      expect(validateDelta(JSON.parse(JSON.stringify(delta)))).toMatchObject({ ok: true });
      expect(applyDelta(before, delta)).toEqual({ ok: true, snapshot: built });
    }
    this.snapshots.set(environment, built);
    const project = state.projects.get('default')!;
    const sources = { environment, segments: () => undefined, proofs: state.proofs, ...NO_PAGES };
    for (const flag of project.flags.values()) {
      // Readable as it is: nothing had to be mended on the way out.
      const entry = flagEntry(flag, sources);
      if (entry !== undefined) expect(flagEntryProblems(entry)).toEqual([]);
    }
    const evaluator = compile(JSON.parse(JSON.stringify(built)) as Snapshot);
    const got = FLAGS.map((key) => UNITS.map((unit) => evaluator.evaluate(key, unit).value));
    const expected = FLAGS.map((key) =>
      UNITS.map((unit) => valueOf(project, { key, environment, unit })),
    );
    expect(got).toEqual(expected);
  }
}

test('whatever is put, started, rolled back or ended, every SDK can read what it comes to', () => {
  const seen = new Set<string>();
  let accepted = 0;
  fc.assert(
    fc.property(fc.array(anyStep, { minLength: 60, maxLength: 60 }), (steps) => {
      const followed = new Followed();
      for (const step of steps) if (followed.take(step)) accepted++;
      for (const { body } of followed.world.log) {
        seen.add(body.type === 'rolloutEnded' ? `${body.type} ${body.cause.code}` : body.type);
      }
    }),
    { numRuns: 80, seed: 71302, endOnFailure: true },
  );
  // It was about something: documents changed under rollouts in every state.
  expect(accepted).toBeGreaterThan(1_000);
  expect([...seen]).toEqual(
    expect.arrayContaining([
      'flagDowned',
      'rolloutRolledBack',
      'rolloutCompleted',
      'rolloutEnded serve_changed',
      'rolloutEnded variant_removed',
      'segmentRemoved',
    ]),
  );
}, 60_000);

describe('a rollout that was rolled back', () => {
  const SITE = { flag: 'new-checkout', environment: 'production' } as const;
  const variants = { off: false, on: true, b: true };
  const here = { serve: 'off', rules: [] };

  function rolledBack(): World {
    const world = startedWorld();
    const definition = someFlag({ variants, environments: { production: here } });
    world.accept({ type: 'putFlag', definition });
    world.accept({ type: 'startRollout', ...SITE, plan: quickPlan(), to: 'b' });
    world.accept({ type: 'rollbackRollout', ...SITE, cause: SOME_CAUSE });
    return world;
  }

  test('is ended by a document without its target, in the same change', () => {
    const world = rolledBack();
    const definition = someFlag({
      variants: { off: false, on: true },
      environments: { production: here },
    });
    const { events } = world.accept({ type: 'putFlag', definition });
    expect(events).toMatchObject([
      { type: 'flagPut' },
      { type: 'rolloutEnded', environment: 'production', cause: { code: 'variant_removed' } },
    ]);
    expect(world.rollout('new-checkout')).toMatchObject({ status: 'ended', allocations: [] });
    world.accept({ type: 'startRollout', ...SITE, plan: quickPlan(), to: 'on' });
  });

  test('is ended by a document that leaves the environment and its variant behind', () => {
    const world = rolledBack();
    const definition = someFlag({ variants: { off: false, on: true }, environments: {} });
    world.accept({ type: 'putFlag', definition, said: { removes: ['production'] } });
    world.accept({ type: 'putFlag', definition: someFlag({ environments: { production: here } }) });
    expect(validateSnapshot(buildSnapshot(world.state, PRODUCTION, NO_PAGES))).toMatchObject({
      ok: true,
    });
  });

  test('keeps its variants as long as it serves somebody', () => {
    const world = rolledBack();
    world.accept({ type: 'startRollout', ...SITE, plan: quickPlan(), to: 'b' });
    const definition = someFlag({
      variants: { off: false, on: true },
      environments: { production: here },
    });
    expect(world.refusal({ type: 'putFlag', definition })).toBe('flag_variant_in_use');
  });
});

test('a plan cannot tell units apart by a name that evaluators refuse', () => {
  const world = startedWorld();
  world.accept({ type: 'putFlag', definition: someFlag() });
  const plan = quickPlan({ unit: '__proto__' });
  const start = { type: 'startRollout', flag: 'new-checkout', environment: 'production' } as const;
  expect(world.send({ ...start, plan, to: 'on' })).toMatchObject({
    error: { code: 'plan_unit_invalid', path: '/plan/unit' },
  });
  expect(world.refusal({ type: 'putPlan', plan })).toBe('plan_unit_invalid');
});

test('an environment has no name that every object has', () => {
  const environment = { key: 'constructor', owner: 'team', order: 3, unitSalt: 'salt' };
  expect(startedWorld().refusal({ type: 'createEnvironment', ...environment })).toBe('key_invalid');
});

describe('what decides cannot foresee is refused with its place', () => {
  test.each<[string, CommandBody, object]>([
    [
      'a rule without an outcome',
      {
        type: 'putFlag',
        definition: someFlag({
          environments: {
            production: { serve: 'off', rules: [{ name: 'r', if: { all: [] } }] },
          },
        }),
      },
      { code: 'flag_unreadable', path: '/environments/production/rules/0' },
    ],
    [
      'a condition on an attribute without a name',
      { type: 'putSegment', key: 's', owner: 'team', if: { attribute: '', equals: 1 } },
      { code: 'segment_unreadable', path: '/if/attribute' },
    ],
  ])('%s', (_name, command, error) => {
    expect(startedWorld().send(command)).toMatchObject({ ok: false, error });
  });
});

describe('a log of an earlier release in which a variant was taken from a rollout', () => {
  const SITE = { flag: 'new-checkout', environment: 'production' } as const;

  /** As the earlier release accepted it: the flag without the target of its rollout. */
  function broken(after: readonly CommandBody[]): World {
    const world = startedWorld();
    world.accept({ type: 'putFlag', definition: someFlag() });
    world.accept({ type: 'putFlag', definition: someFlag({ key: 'other' }) });
    world.accept({ type: 'startRollout', ...SITE, plan: quickPlan(), to: 'on' });
    for (const command of after) world.accept(command);
    const [put] = world.log.filter(({ body }) => body.type === 'flagPut');
    const definition = someFlag({
      variants: { off: false, blue: true },
      environments: { production: { serve: 'off', rules: [] } },
    });
    world.append([{ ...put!.body, type: 'flagPut', definition }]);
    return world;
  }

  const valueIn = (world: World) => {
    const snapshot = buildSnapshot(world.state, PRODUCTION, NO_PAGES)!;
    expect(validateSnapshot(snapshot)).toMatchObject({ ok: true });
    const builder = new SnapshotBuilder(NO_PAGES);
    expect(builder.snapshot(world.state, PRODUCTION)).toEqual(snapshot);
    return compile(snapshot).evaluate('new-checkout', { targetingKey: 'u1' }).value;
  };

  const rollback = { type: 'rollbackRollout', ...SITE, cause: SOME_CAUSE } as const;

  test.each<[string, readonly CommandBody[]]>([
    ['that was rolled back', [rollback]],
    ['that runs', []],
  ])('%s serves safe, and every way down and out is open', (_name, before) => {
    const world = broken(before);
    expect(valueIn(world)).toBe(false);
    world.accept(rollback);
    world.accept({ type: 'downFlag', ...SITE });
    world.accept({ type: 'downFlag', flag: 'other', environment: 'production' });
    expect(valueIn(world)).toBe(false);
    world.accept({ type: 'upFlag', ...SITE });
    world.accept({
      type: 'putFlag',
      definition: someFlag({
        variants: { off: false, blue: true },
        environments: { production: { serve: 'off', rules: [] } },
        owner: 'others',
      }),
    });
    expect(world.rollout('new-checkout')?.status).toBe('ended');
    expect(valueIn(world)).toBe(false);
  });
});
