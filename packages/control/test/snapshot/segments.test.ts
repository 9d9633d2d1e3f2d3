import { applyDelta, type Condition, type Snapshot } from '@downhaul/engine';
import { buildSnapshot, type CommandBody, type LogEvent, SnapshotBuilder } from '@downhaul/control';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { quickPlan, SOME_FIGURES, someFlag, startedWorld, type World } from '../support/world.ts';

const NO_PAGES = { pages: () => undefined };
const ENVIRONMENTS = ['staging', 'production'] as const;
const SEGMENTS = ['s0', 's1', 's2', 's3', 's4', 's5'] as const;
const FLAGS = ['a', 'b', 'c'] as const;

const placeOf = (environment: string) => ({ project: 'default', environment });
const rulesFor = (segments: readonly string[]) =>
  segments.map((segment, index) => ({ name: `r${index}`, if: { segment }, serve: 'on' }));

function segment(world: World, key: string, condition: Condition): void {
  world.accept({ type: 'putSegment', key, owner: 'team', if: condition });
}

function built(world: World, environment: string): Snapshot {
  return buildSnapshot(world.state, placeOf(environment), NO_PAGES)!;
}

/** The keys of the segments that a snapshot should have, read from its text without any of its helpers. */
function named(snapshot: Snapshot, all: ReadonlyMap<string, { readonly if: Condition }>): string[] {
  const reached = new Set<string>();
  const open: unknown[] = Object.values(snapshot.flags);
  for (let each = open.pop(); each !== undefined; each = open.pop()) {
    const found = JSON.stringify(each).matchAll(/"segment":"([^"]+)"/g);
    for (const [, key = ''] of found) {
      if (reached.has(key) || !all.has(key)) continue;
      reached.add(key);
      open.push(all.get(key)!.if);
    }
  }
  return [...reached].sort();
}

test('a segment of production alone is not in the snapshot of staging, nor its tenants', () => {
  const world = startedWorld();
  segment(world, 'inner', { attribute: 'tenant', in: ['acme'] });
  segment(world, 'outer', { all: [{ segment: 'inner' }] });
  segment(world, 'nobodys', { attribute: 'tenant', in: ['globex'] });
  segment(world, 'tests', { attribute: 'tenant', in: ['probe'] });
  const definition = someFlag({
    environments: {
      production: { serve: 'off', rules: rulesFor(['outer']) },
      staging: { serve: 'off', rules: rulesFor(['tests']) },
    },
  });
  world.accept({ type: 'putFlag', definition });
  expect(Object.keys(built(world, 'production').segments).sort()).toEqual(['inner', 'outer']);
  expect(Object.keys(built(world, 'staging').segments)).toEqual(['tests']);
  expect(JSON.stringify(built(world, 'staging'))).not.toMatch(/acme|globex/);
});

test('a segment that becomes reached comes in the delta of the flag, and goes with the last that needs it', () => {
  const world = startedWorld();
  segment(world, 'inner', { attribute: 'version', semver: '>=2' });
  segment(world, 'outer', { segment: 'inner' });
  const put = (key: string, segments: readonly string[]) => {
    const environments = { production: { serve: 'off', rules: rulesFor(segments) } };
    world.accept({ type: 'putFlag', definition: someFlag({ key, environments }) });
  };
  put('a', []);
  put('b', []);
  const builder = new SnapshotBuilder(NO_PAGES);
  const place = placeOf('production');
  builder.delta(world.state, place);
  const deltaOf = (change: () => void) => {
    for (const event of changesOf(world, change)) builder.note(world.state, event);
    return builder.delta(world.state, place)!;
  };
  const first = deltaOf(() => put('a', ['outer']));
  expect(first.version).toBe(first.set.flags['a']?.version);
  expect(first.set.flags['a']?.capabilities).toContain('semver');
  expect(Object.keys(first.set.segments).sort()).toEqual(['inner', 'outer']);
  expect(deltaOf(() => put('b', ['inner'])).set.segments).toEqual({});
  expect(deltaOf(() => put('a', [])).removed.segments).toEqual(['outer']);
  const changed = deltaOf(() => segment(world, 'inner', { attribute: 'day', equals: 1 }));
  expect(Object.keys(changed.set.segments)).toEqual(['inner']);
  expect(Object.keys(changed.set.flags)).toEqual(['b']);
  const unheard = deltaOf(() => segment(world, 'outer', { attribute: 'day', equals: 2 }));
  expect(unheard.set).toEqual({ flags: {}, segments: {} });
  expect(deltaOf(() => put('b', [])).removed.segments).toEqual(['inner']);
});

test('an audience is reached from the stage on that has it', () => {
  const world = startedWorld();
  segment(world, 'friends', { attribute: 'tenant', in: ['acme'] });
  const here = { serve: 'off', rules: [] };
  world.accept({ type: 'putFlag', definition: someFlag({ environments: { production: here } }) });
  const stage = (allocations: object[]) => ({ allocations, bakeMs: 60_000, minimumSample: 0 });
  const everybody = { sharePerMillion: 10_000 };
  const friends = { audience: { segment: 'friends' }, sharePerMillion: 500_000 };
  const plan = quickPlan({ stages: [stage([everybody]), stage([friends, everybody])] as never });
  const site = { flag: 'new-checkout', environment: 'production' } as const;
  world.accept({ type: 'startRollout', ...site, plan, to: 'on' });
  if (world.rollout('new-checkout')!.stage < 0) {
    world.accept({ type: 'advanceRollout', ...site, figures: SOME_FIGURES });
  }
  expect(Object.keys(built(world, 'production').segments)).toEqual([]);
  world.accept({ type: 'advanceRollout', ...site, figures: SOME_FIGURES });
  expect(Object.keys(built(world, 'production').segments)).toEqual(['friends']);
});

test('a change reads only the segments that it reaches', () => {
  const world = startedWorld();
  for (let each = 0; each < 60; each++) {
    segment(world, `s${each}`, { attribute: 'tenant', equals: each });
    const environments = { production: { serve: 'off', rules: rulesFor([`s${each}`]) } };
    const definition = someFlag({ key: `flag-${each}`, kind: 'operational', environments });
    world.accept({ type: 'putFlag', definition });
  }
  const builder = new SnapshotBuilder(NO_PAGES);
  builder.delta(world.state, placeOf('production'));
  const events = changesOf(world, () => {
    segment(world, 's7', { attribute: 'tenant', equals: 'x' });
  });
  const { segments, flags } = world.state.projects.get('default')!;
  const read = new Set<string>();
  for (const map of [segments, flags] as Map<string, never>[]) {
    const get = map.get.bind(map);
    map.get = (key) => (read.add(key), get(key));
    map[Symbol.iterator] = () => expect.fail('went through all of them');
    map.values = () => expect.fail('went through all of them');
  }
  for (const event of events) builder.note(world.state, event);
  builder.delta(world.state, placeOf('production'));
  expect([...read].sort()).toEqual(['flag-7', 's7']);
});

const anyCondition = fc.oneof(
  fc.constantFrom(...SEGMENTS).map((key): Condition => ({ segment: key })),
  fc
    .subarray([...SEGMENTS], { maxLength: 3 })
    .map((keys): Condition => ({ any: keys.map((key) => ({ not: { segment: key } })) })),
  fc.constantFrom<Condition>(
    { attribute: 'version', semver: '>=2' },
    { attribute: 'tenant', in: ['x'] },
  ),
);
const anyRules = fc.subarray([...SEGMENTS], { maxLength: 2 }).map(rulesFor);
const site = {
  flag: fc.constantFrom(...FLAGS),
  environment: fc.constantFrom(...ENVIRONMENTS),
};
const anyCommand: fc.Arbitrary<CommandBody> = fc.oneof(
  fc
    .record({ key: fc.constantFrom(...SEGMENTS), if: anyCondition })
    .map((each) => ({ type: 'putSegment' as const, owner: 'team', ...each })),
  fc.constantFrom(...SEGMENTS).map((each) => ({ type: 'removeSegment' as const, segment: each })),
  fc
    .record({ key: site.flag, staging: anyRules, production: anyRules })
    .map(({ key, staging, production }) => ({
      type: 'putFlag' as const,
      atOnce: true,
      definition: someFlag({
        key,
        environments: {
          staging: { serve: 'off', rules: staging },
          production: { serve: 'off', rules: production },
        },
      }),
    })),
  fc.record(site).chain((each) =>
    fc.constantFrom(...SEGMENTS).map((key) => ({
      type: 'startRollout' as const,
      ...each,
      to: 'on',
      plan: quickPlan({
        stages: [
          {
            allocations: [{ audience: { segment: key }, sharePerMillion: 500_000 }],
            bakeMs: 60_000,
            minimumSample: 0,
          },
        ],
      }),
    })),
  ),
  fc.record(site).map((each) => ({
    type: 'rollbackRollout' as const,
    ...each,
    cause: { code: 'x', text: 'x' },
  })),
  fc.record(site).map((each) => ({
    type: 'advanceRollout' as const,
    ...each,
    figures: SOME_FIGURES,
  })),
);

test('whatever is changed, each snapshot has the segments that its flags reach, by delta and in full', () => {
  let removed = 0;
  let added = 0;
  fc.assert(
    fc.property(fc.array(anyCommand, { minLength: 40, maxLength: 40 }), (commands) => {
      const world = startedWorld();
      for (const key of SEGMENTS) segment(world, key, { attribute: 'tenant', equals: key });
      const builder = new SnapshotBuilder(NO_PAGES);
      for (const environment of ENVIRONMENTS) builder.delta(world.state, placeOf(environment));
      const held = new Map(ENVIRONMENTS.map((each) => [each, built(world, each)]));
      for (const command of commands) {
        const events = changesOf(world, () => void world.send(command));
        for (const event of events) builder.note(world.state, event);
        const { segments } = world.state.projects.get('default')!;
        for (const environment of ENVIRONMENTS) {
          const now = built(world, environment);
          const delta = builder.delta(world.state, placeOf(environment));
          expect(builder.snapshot(world.state, placeOf(environment))).toEqual(now);
          expect(Object.keys(now.segments).sort()).toEqual(named(now, segments));
          if (delta === undefined) expect(now).toEqual(held.get(environment));
          else {
            const base = held.get(environment)!;
            expect(applyDelta(base, delta)).toEqual({ ok: true, snapshot: now });
            removed += delta.removed.segments.length;
            added += Object.keys(delta.set.segments).length;
          }
          held.set(environment, now);
        }
      }
    }),
    { numRuns: 60, seed: 3509 },
  );
  expect(Math.min(removed, added)).toBeGreaterThan(100);
}, 60_000);

function changesOf(world: World, change: () => void): readonly LogEvent[] {
  const from = world.log.length;
  change();
  return world.log.slice(from);
}
