import {
  applyDelta,
  changedFlags,
  compile,
  contentHash,
  diffSnapshots,
  flagHash,
  hash64Text,
  parseHash64,
  recompile,
  replaceHashes,
  type Snapshot,
  type SnapshotDelta,
  validateDelta,
  validateSnapshot,
} from '@downhaul/engine';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { context, snapshot } from '../support/arbitraries.ts';
import { flagOf, rolloutOf, snapshotOf } from '../support/snapshots.ts';

function deltaOf(before: Snapshot, after: Snapshot): SnapshotDelta {
  const delta = diffSnapshots(before, after);
  if (delta === undefined) throw new Error('a delta should be possible');
  return delta;
}

describe('diff and apply', () => {
  test('lead from any snapshot to any other', () => {
    fc.assert(
      fc.property(snapshot, snapshot, (before, after) => {
        const delta = deltaOf(before, after);
        expect(validateDelta(JSON.parse(JSON.stringify(delta)))).toMatchObject({ ok: true });
        const result = applyDelta(before, delta);
        expect(result).toEqual({ ok: true, snapshot: after });
        if (result.ok) expect(contentHash(result.snapshot)).toBe(after.hash);
      }),
      { numRuns: 300 },
    );
  });

  test('a delta holds only what changed, and what did not stays the same object', () => {
    const before = snapshotOf(
      [flagOf('a'), flagOf('b'), flagOf('c')],
      [{ key: 's', if: { all: [] } }],
    );
    const changed = flagOf('b', { serve: 'on' });
    const after = snapshotOf([flagOf('a'), changed], [{ key: 's', if: { all: [] } }], {
      version: 2,
    });
    const delta = deltaOf(before, after);
    expect(delta).toEqual({
      formatVersion: 1,
      baseVersion: 1,
      version: 2,
      hash: after.hash,
      set: { flags: { b: changed }, segments: {} },
      removed: { flags: ['c'], segments: [] },
    });
    const result = applyDelta(before, delta);
    expect(result.ok && result.snapshot.flags['a']).toBe(before.flags['a']);
    expect(result.ok && result.snapshot.segments).toBe(before.segments);
  });

  test('another base, another result and another format are told apart', () => {
    const before = snapshotOf([flagOf('a')]);
    const after = snapshotOf([flagOf('a', { serve: 'on' })], [], { version: 2 });
    const delta = deltaOf(before, after);
    expect(applyDelta(after, delta)).toMatchObject({ ok: false, failure: 'base' });
    const lost = snapshotOf([flagOf('a', { version: 7 }), flagOf('b')]);
    expect(applyDelta(lost, delta)).toMatchObject({ ok: false, failure: 'hash' });
    expect(applyDelta({ ...before, hash: 'none' }, delta)).toMatchObject({
      ok: false,
      failure: 'hash',
    });
    expect(applyDelta(before, { ...delta, formatVersion: 2 })).toMatchObject({
      ok: false,
      failure: 'format',
    });
  });

  test.each(['project', 'environment', 'unitSalt'] as const)(
    'no delta leads to another %s',
    (name) => {
      const before = snapshotOf([flagOf('a')]);
      expect(diffSnapshots(before, { ...before, [name]: 'other' })).toBeUndefined();
    },
  );

  test('a key that is both set and removed is set', () => {
    const before = snapshotOf([flagOf('a')]);
    const after = snapshotOf([flagOf('a', { serve: 'on' })], [], { version: 2 });
    const delta = { ...deltaOf(before, after), removed: { flags: ['a', 'a', 'x'], segments: [] } };
    expect(applyDelta(before, delta)).toEqual({ ok: true, snapshot: after });
  });
});

describe('content hash', () => {
  test('does not depend on the order of anything', () => {
    const flag = flagOf('a', { rollout: rolloutOf('a', 5) });
    const reversed = Object.fromEntries(Object.entries(flag).reverse()) as typeof flag;
    const one = snapshotOf([flag, flagOf('b')]);
    const other = snapshotOf([flagOf('b'), reversed]);
    expect(other.hash).toBe(one.hash);
  });

  test.each([
    ['a flag', snapshotOf([flagOf('b')])],
    ['a variant', snapshotOf([flagOf('a', { variants: { on: true, off: false, x: true } })])],
    ['a version', snapshotOf([flagOf('a', { version: 2 })])],
    ['a segment', snapshotOf([flagOf('a')], [{ key: 's', if: { all: [] } }])],
  ])('depends on %s', (_what, other) => {
    expect(other.hash).not.toBe(snapshotOf([flagOf('a')]).hash);
  });

  test('nothing has the hash zero; members that are undefined do not count', () => {
    expect(contentHash({ flags: {}, segments: {} })).toBe('0000000000000000');
    const withUndefined = { ...flagOf('a'), rollout: undefined } as never;
    expect(flagHash(withUndefined)).toEqual(flagHash(flagOf('a')));
  });

  test('can be kept up to date entry by entry', () => {
    fc.assert(
      fc.property(snapshot, snapshot, (before, after) => {
        const hashesOf = ({ flags }: Snapshot) => Object.values(flags).map(flagHash);
        const start = parseHash64(contentHash({ flags: before.flags, segments: {} }))!;
        const sum = replaceHashes(start, hashesOf(before), hashesOf(after));
        expect(hash64Text(sum)).toBe(contentHash({ flags: after.flags, segments: {} }));
      }),
      { numRuns: 200 },
    );
  });
});

/** One of the entries; none where there are fewer. */
function entryOf<Entry>(entries: Readonly<Record<string, Entry>>, position: number) {
  return Object.fromEntries(Object.entries(entries).slice(position - 1, position));
}

describe('changed flags', () => {
  /** Mostly one flag or segment is another one, so that who is affected depends on the links. */
  const change = fc.tuple(snapshot, snapshot, fc.nat(7)).map(([before, other, choice]) => {
    if (choice === 0) return [before, other] as const;
    const flags = { ...before.flags, ...entryOf(other.flags, choice) };
    const segments = { ...before.segments, ...entryOf(other.segments, choice) };
    return [before, snapshotOf(Object.values(flags), Object.values(segments))] as const;
  });

  test('name every flag that evaluates differently, and recompiling them is enough', () => {
    let different = 0;
    fc.assert(
      fc.property(change, fc.array(context, { maxLength: 4 }), ([before, after], contexts) => {
        const old = compile(before);
        for (const each of contexts) old.evaluateAll(each);
        const changed = changedFlags(before, after);
        const delta = deltaOf(before, after);
        expect(changedFlags(before, delta)).toEqual(changed);
        const recompiled = recompile(old, after, changed);
        const fresh = compile(after);
        for (const each of contexts) {
          for (const key of [...Object.keys(before.flags), ...Object.keys(after.flags)]) {
            const expected = fresh.evaluate(key, each);
            expect(recompiled.evaluate(key, each)).toEqual(expected);
            expect(recompiled.explain(key, each).evaluation).toEqual(expected);
            if (JSON.stringify(old.evaluate(key, each)) === JSON.stringify(expected)) continue;
            different++;
            expect(changed).toContain(key);
          }
        }
      }),
      { numRuns: 300 },
    );
    expect(different).toBeGreaterThan(100);
  });

  test('one changed flag or segment in many names only those that depend on it', () => {
    const inSegment = (segment: string) => [{ name: 'in', if: { segment }, serve: 'on' }];
    const flags = [
      flagOf('a'),
      flagOf('needs-a', { requires: [{ flag: 'a', variant: 'on' }] }),
      flagOf('needs-needs-a', { requires: [{ flag: 'needs-a', variant: 'on' }] }),
      flagOf('conflicts-with-a', { conflicts: ['a'] }),
      flagOf('in-s', { rules: inSegment('s') }),
      flagOf('in-t', { rules: inSegment('t') }),
      flagOf('alone'),
      flagOf('named'),
      flagOf('names', { conflicts: ['named'] }),
    ];
    const segments = [
      { key: 's', if: { attribute: 'x', equals: 1 } },
      { key: 't', if: { segment: 's' } },
    ];
    const before = snapshotOf(flags, segments);
    const withA = snapshotOf([...flags, flagOf('a', { serve: 'on' })], segments);
    expect(changedFlags(before, withA)).toEqual([
      'a',
      'conflicts-with-a',
      'needs-a',
      'needs-needs-a',
    ]);
    const withoutA = snapshotOf(flags.slice(1), segments);
    expect(changedFlags(before, withoutA)).toEqual(changedFlags(before, withA));
    const withS = snapshotOf(flags, [segments[1]!, { key: 's', if: { all: [] } }]);
    expect(changedFlags(before, withS)).toEqual(['in-s', 'in-t']);
    const withNames = snapshotOf([...flags, flagOf('names', { serve: 'on' })], segments);
    expect(changedFlags(before, withNames)).toEqual(['named', 'names']);
    const withNamed = snapshotOf([...flags, flagOf('named', { serve: 'on' })], segments);
    expect(changedFlags(before, withNamed)).toEqual(['named', 'names']);
    expect(changedFlags(before, before)).toEqual([]);
  });
});

test('a snapshot with a hash of something else is refused', () => {
  const given = snapshotOf([flagOf('a')]);
  expect(validateSnapshot(given)).toMatchObject({ ok: true, warnings: [] });
  expect(validateSnapshot({ ...given, hash: '0123456789abcdef' })).toEqual({
    ok: false,
    problems: [{ path: 'hash', message: `must be ${given.hash}, the hash of the content` }],
  });
});
