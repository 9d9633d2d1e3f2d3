import type { Snapshot } from '@downhaul/engine';
import { buildSnapshot, evolve, type LogEvent, SnapshotBuilder } from '@downhaul/control';
import { describe, expect, test } from 'vitest';
import { JUSTIFICATION, someFlag, startedWorld, type World } from '../support/world.ts';

const PLACE = { project: 'default', environment: 'production' } as const;
const NO_PAGES = { pages: () => undefined };

/** Flags without a rollout, each in both environments. */
function manyFlags(count: number): World {
  const world = startedWorld();
  for (let each = 0; each < count; each++) put(world, `flag-${each}`);
  return world;
}

function put(world: World, key: string, serve = 'off', rules: object[] = []): void {
  const here = { serve, rules } as never;
  const definition = someFlag({
    key,
    kind: 'operational',
    environments: { production: here, staging: here },
  });
  world.accept({ type: 'putFlag', definition, atOnce: true, justification: JUSTIFICATION });
}

/** Sends what `change` sends, telling the builder of every event. */
function noted(world: World, builder: SnapshotBuilder, change: () => void): readonly LogEvent[] {
  const from = world.log.length;
  change();
  const events = world.log.slice(from);
  for (const event of events) builder.note(world.state, event);
  return events;
}

function built(world: World): Snapshot {
  const snapshot = buildSnapshot(world.state, PLACE, NO_PAGES);
  if (snapshot === undefined) expect.fail('there is no environment');
  return snapshot;
}

describe('SnapshotBuilder', () => {
  test('gives a delta of what changed, and keeps the other flags’ very objects', () => {
    const world = manyFlags(50);
    const builder = new SnapshotBuilder(NO_PAGES);
    const before = builder.snapshot(world.state, PLACE);
    expect(builder.delta(world.state, PLACE)).toBeUndefined();
    noted(world, builder, () => put(world, 'flag-7', 'on'));
    const delta = builder.delta(world.state, PLACE);
    expect(delta).toMatchObject({ baseVersion: before?.version, version: world.log.length });
    expect(Object.keys(delta?.set.flags ?? {})).toEqual(['flag-7']);
    const after = builder.snapshot(world.state, PLACE);
    expect(after).toEqual(built(world));
    const changed = Object.keys(after!.flags).filter(
      (key) => after!.flags[key] !== before!.flags[key],
    );
    expect(changed).toEqual(['flag-7']);
    expect(builder.delta(world.state, PLACE)).toBeUndefined();
  });

  test('reads only the flags that an event names', () => {
    const world = manyFlags(50);
    const builder = new SnapshotBuilder(NO_PAGES);
    builder.snapshot(world.state, PLACE);
    const flags = world.state.projects.get('default')!.flags;
    const read = new Set<string>();
    const get = flags.get.bind(flags);
    noted(world, builder, () => put(world, 'flag-7', 'on'));
    flags.get = (key) => (read.add(key), get(key));
    builder.delta(world.state, PLACE);
    expect([...read]).toEqual(['flag-7']);
  });

  test('puts removed flags into the delta', () => {
    const world = manyFlags(3);
    const builder = new SnapshotBuilder(NO_PAGES);
    builder.delta(world.state, PLACE);
    noted(world, builder, () => world.accept({ type: 'archiveFlag', flag: 'flag-1' }));
    expect(builder.delta(world.state, PLACE)?.removed.flags).toEqual(['flag-1']);
    expect(Object.keys(builder.snapshot(world.state, PLACE)!.flags)).toEqual(['flag-0', 'flag-2']);
  });

  test('follows segments, and what flags then need of an engine', () => {
    const world = manyFlags(3);
    const segment = (condition: object) =>
      world.accept({
        type: 'putSegment',
        key: 's',
        owner: 'team',
        if: condition as never,
        atOnce: true,
        justification: JUSTIFICATION,
      });
    segment({ attribute: 'a', equals: 1 });
    put(world, 'flag-1', 'off', [{ name: 'r', if: { segment: 's' }, serve: 'on' }]);
    const builder = new SnapshotBuilder(NO_PAGES);
    builder.delta(world.state, PLACE);
    noted(world, builder, () => segment({ attribute: 'version', semver: '>=2' }));
    const delta = builder.delta(world.state, PLACE);
    expect(Object.keys(delta?.set.segments ?? {})).toEqual(['s']);
    expect(delta?.set.flags['flag-1']?.capabilities).toEqual(['rules', 'segments', 'semver']);
    expect(Object.keys(delta?.set.flags ?? {})).toEqual(['flag-1']);
    expect(builder.snapshot(world.state, PLACE)).toEqual(built(world));
    noted(world, builder, () => {
      put(world, 'flag-1');
      world.accept({ type: 'removeSegment', segment: 's' });
    });
    expect(builder.delta(world.state, PLACE)?.removed.segments).toEqual(['s']);
    expect(builder.snapshot(world.state, PLACE)).toEqual(built(world));
  });

  test('builds anew where events were folded without a word to it', () => {
    const world = manyFlags(3);
    const builder = new SnapshotBuilder(NO_PAGES);
    builder.snapshot(world.state, PLACE);
    put(world, 'flag-1', 'on');
    expect(builder.snapshot(world.state, PLACE)).toEqual(built(world));
    put(world, 'flag-2', 'on');
    noted(world, builder, () => put(world, 'flag-0', 'on'));
    expect(builder.snapshot(world.state, PLACE)).toEqual(built(world));
  });

  test('keeps environments and projects apart', () => {
    const world = manyFlags(3);
    const builder = new SnapshotBuilder(NO_PAGES);
    const staging = { ...PLACE, environment: 'staging' };
    const before = builder.snapshot(world.state, staging);
    noted(world, builder, () => {
      world.accept({ type: 'createProject', key: 'second' });
      world.accept({ type: 'downFlag', flag: 'flag-1', environment: 'production' });
    });
    expect(builder.snapshot(world.state, staging)).toBe(before);
    expect(builder.snapshot(world.state, PLACE)?.flags['flag-1']?.down).toBe(true);
    expect(builder.snapshot(world.state, { ...PLACE, project: 'second' })).toBeUndefined();
    expect(builder.delta(world.state, { ...PLACE, environment: 'nowhere' })).toBeUndefined();
  });
});

describe('overrides in a snapshot', () => {
  const HASH = '0123456789abcdef';
  const page = JSON.stringify([
    { unitHash: HASH, variant: 'on' },
    { unitHash: 'fedcba9876543210', variant: 'gone' },
    { unitHash: 'short', variant: 'on' },
    null,
    { variant: 'on' },
  ]);

  function overridden(): World {
    const world = manyFlags(1);
    const reference = { page: 'p1', mac: 'm' };
    world.accept({
      type: 'setOverrides',
      flag: 'flag-0',
      environment: 'production',
      page: reference,
      count: 5,
    });
    return world;
  }

  test.each<[string, string | undefined, object | undefined]>([
    ['of its page, what is of their shape', page, { [HASH]: 'on' }],
    ['none where the page was erased', undefined, undefined],
    ['none where the page is broken', '{', undefined],
    ['none where the page is no list', '{}', undefined],
  ])('are %s', (_name, content, expected) => {
    const snapshot = buildSnapshot(overridden().state, PLACE, {
      pages: (name) => (name === 'p1' ? content : expect.fail(`asked for ${name}`)),
    });
    expect(snapshot?.flags['flag-0']?.overrides).toEqual(expected);
    expect(snapshot?.flags['flag-0']?.capabilities.includes('overrides')).toBe(
      expected !== undefined,
    );
  });
});

test('any earlier version can be built again from the log', () => {
  const world = manyFlags(2);
  const snapshots = new Map([[world.log.length, built(world)]]);
  put(world, 'flag-0', 'on');
  snapshots.set(world.log.length, built(world));
  world.accept({ type: 'downFlag', flag: 'flag-0', environment: 'production' });
  for (const [position, snapshot] of snapshots) {
    const past = startedWorld();
    for (const event of world.log.slice(past.log.length, position)) {
      past.log.push(event);
      evolve(past.state, event);
    }
    expect(built(past)).toEqual(snapshot);
  }
});
