import {
  applyDelta,
  changedFlags,
  compile,
  contentHash,
  diffSnapshots,
  type EvaluationContext,
  readDelta,
  readSnapshot,
  recompile,
  type Snapshot,
  unreadableFlags,
} from '@downhaul/engine';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { context, snapshot } from '../support/arbitraries.ts';
import { flagOf, snapshotOf } from '../support/snapshots.ts';

/** Something that takes the place of a member, or of a whole entry. */
const junk = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    0,
    -1,
    1.5,
    true,
    '',
    'nowhere',
    '__proto__',
    [],
    {},
    [null],
    [[]],
  ),
  fc.constantFrom<unknown>({ __proto__: null }, { attribute: 'plan' }, [{ if: 7 }], 2 ** 60),
  fc.jsonValue(),
);

const MEMBERS = [
  'key',
  'kind',
  'type',
  'variants',
  'serve',
  'safe',
  'down',
  'overrides',
  'rules',
  'rollout',
  'requires',
  'conflicts',
  'capabilities',
  'version',
];

/** What is done to one flag: a member is taken away or replaced, or the whole is. */
const damage = fc.oneof(
  fc.record({ member: fc.constantFrom(...MEMBERS), value: fc.oneof(junk, fc.constant(undefined)) }),
  fc.record({ whole: junk }),
  fc.record({
    rollout: fc.constantFrom('to', 'unit', 'metrics', 'allocations', 'id'),
    value: junk,
  }),
);
type Damage = typeof damage extends fc.Arbitrary<infer Value> ? Value : never;

function damaged(entry: unknown, how: Damage): unknown {
  if ('whole' in how) return how.whole;
  const flag = structuredClone(entry) as Record<string, unknown>;
  if ('rollout' in how)
    flag['rollout'] = { ...(flag['rollout'] as object), [how.rollout]: how.value };
  else flag[how.member] = how.value;
  return JSON.parse(JSON.stringify(flag));
}

/** A snapshot as it would come over the network, with the hash of what is in it. */
function sent(content: Snapshot, flags: Readonly<Record<string, unknown>>): Snapshot {
  const parsed = JSON.parse(JSON.stringify({ ...content, flags })) as Snapshot;
  return { ...parsed, hash: contentHash(parsed) };
}

function taken(candidate: unknown): Snapshot {
  const reading = readSnapshot(candidate);
  return reading.ok ? reading.content : expect.fail(JSON.stringify(reading.problems));
}

/** The flags that a flag refers to, whichever of two in conflict says so, however far. */
function neighbours({ flags }: Snapshot, key: string): ReadonlySet<string> {
  const found = new Set([key]);
  for (const name of found) {
    for (const flag of Object.values(flags)) {
      if (flag.key === name) for (const each of flag.requires) found.add(each.flag);
      if (flag.key === name) for (const each of flag.conflicts) found.add(each);
      if (flag.conflicts.includes(name)) found.add(flag.key);
    }
  }
  return found;
}

const damages = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd', 'e'), damage, { minKeys: 1 });

function damagedSnapshot(given: Snapshot, how: Readonly<Record<string, Damage>>): Snapshot {
  const flags = Object.entries(given.flags).map(([key, flag]) => {
    const mine = Object.hasOwn(how, key) ? how[key] : undefined;
    return [key, mine === undefined ? flag : damaged(flag, mine)] as const;
  });
  return sent(given, Object.fromEntries(flags));
}

describe('a flag that cannot be read is never the end of the others', () => {
  test('undamaged flags evaluate as before, unreadable ones to the code default, and nothing throws', () => {
    let unreadable = 0;
    fc.assert(
      fc.property(snapshot, damages, context, (given, how, whom) => {
        const before = compile(given);
        const read = taken(damagedSnapshot(given, how));
        const after = compile(read);
        const why = unreadableFlags(read);
        for (const key of after.flagKeys) {
          const evaluation = after.evaluate(key, whom);
          expect(after.explain(key, whom).evaluation).toEqual(evaluation);
          if (why.has(key)) {
            unreadable += 1;
            expect(evaluation).toMatchObject({ value: undefined, variant: undefined });
          }
          const isTouched = [...neighbours(given, key)].some((name) => Object.hasOwn(how, name));
          if (!isTouched) expect(evaluation).toEqual(before.evaluate(key, whom));
        }
      }),
      { numRuns: 600 },
    );
    expect(unreadable).toBeGreaterThan(200);
  });

  test('what was received is kept: hashes, deltas and copies on disk are of that', () => {
    fc.assert(
      fc.property(snapshot, damages, damages, context, (given, first, second, whom) => {
        const before = taken(damagedSnapshot(given, first));
        const after = taken({ ...damagedSnapshot(given, second), version: given.version + 1 });
        expect(contentHash(before)).toBe(before.hash);
        expect(taken(JSON.parse(JSON.stringify(before)))).toEqual(before);
        const delta = readDelta(JSON.parse(JSON.stringify(diffSnapshots(before, after))));
        const led = delta.ok ? applyDelta(before, delta.content) : expect.fail('no delta');
        const snapshotOfDelta = led.ok ? led.snapshot : expect.fail(led.message);
        expect(unreadableFlags(snapshotOfDelta)).toEqual(unreadableFlags(after));
        const changed = changedFlags(before, snapshotOfDelta);
        const recompiled = recompile(compile(before), snapshotOfDelta, changed);
        const fresh = compile(after);
        for (const key of fresh.flagKeys) {
          expect(recompiled.evaluate(key, whom)).toEqual(fresh.evaluate(key, whom));
        }
      }),
      { numRuns: 300 },
    );
  });

  const whom: EvaluationContext = { targetingKey: 'ann', plan: 'gold' };
  const rule = (segment: string) => [{ name: 'r', if: { not: { segment } }, serve: 'on' }];

  test('a flag says that it could not be read, where and why', () => {
    const read = taken(
      sent(snapshotOf([flagOf('good')]), { bad: { ...flagOf('bad'), serve: 'x' } }),
    );
    expect(compile(read).evaluate('bad', whom)).toMatchObject({
      value: undefined,
      reason: 'ERROR',
      errorCode: 'PARSE_ERROR',
      errorMessage: 'the flag could not be read: serve must be one of the variants on, off',
    });
    expect([...unreadableFlags(read)]).toEqual([
      ['bad', 'could not be read: serve must be one of the variants on, off'],
    ]);
  });

  test('one that needs what this engine lacks may hold anything', () => {
    const later = { ...flagOf('later'), capabilities: ['telepathy'], rules: 7, requires: null };
    const read = taken(sent(snapshotOf([]), { later, good: flagOf('good') }));
    expect(compile(read).evaluate('later', whom)).toMatchObject({
      value: undefined,
      reason: 'DEFAULT',
    });
    expect(compile(read).evaluate('good', whom)).toMatchObject({ variant: 'off' });
    expect([...unreadableFlags(read).keys()]).toEqual(['later']);
  });

  test('what requires an unreadable flag is safe, as if that served nothing', () => {
    const asks = flagOf('asks', { serve: 'on', requires: [{ flag: 'bad', variant: 'on' }] });
    const read = taken(sent(snapshotOf([]), { asks, bad: 7 }));
    expect(compile(read).evaluate('asks', whom)).toMatchObject({
      variant: 'off',
      rule: 'requires',
    });
  });

  test('what asks for an unreadable segment cannot be read either, also through another one', () => {
    const flags = {
      direct: flagOf('direct', { rules: rule('bad') }),
      indirect: flagOf('indirect', { rules: rule('outer') }),
      other: flagOf('other', { rules: rule('good') }),
    };
    const segments = {
      bad: { key: 'bad', if: { attribute: 7 } },
      outer: { key: 'outer', if: { any: [{ segment: 'bad' }] } },
      good: { key: 'good', if: { any: [] } },
    } as unknown as Snapshot['segments'];
    const read = taken(sent({ ...snapshotOf([]), segments }, flags));
    const evaluator = compile(read);
    expect(evaluator.evaluate('direct', whom)).toMatchObject({ errorCode: 'PARSE_ERROR' });
    expect(evaluator.evaluate('indirect', whom)).toMatchObject({ errorCode: 'PARSE_ERROR' });
    expect(evaluator.evaluate('other', whom)).toMatchObject({ variant: 'on' });
    expect([...unreadableFlags(read).keys()]).toEqual(['direct', 'indirect']);
  });

  test('all of a newer format serve the code default', () => {
    const read = taken({
      ...snapshotOf([flagOf('a'), flagOf('b')]),
      formatVersion: 2,
      hash: '0'.repeat(16),
    });
    expect(compile(read).evaluate('a', whom)).toMatchObject({
      value: undefined,
      reason: 'DEFAULT',
    });
    expect([...unreadableFlags(read).keys()]).toEqual(['a', 'b']);
  });

  test('a key that no object holds safely is left out', () => {
    const text = JSON.stringify(snapshotOf([flagOf('good')]));
    const hostile = JSON.parse(
      text.replace('"flags":{', '"flags":{"__proto__":{"serve":1},'),
    ) as Snapshot;
    const read = taken({ ...hostile, hash: contentHash(hostile) });
    expect(Object.getPrototypeOf(read.flags)).toBe(Object.prototype);
    expect(compile(read).evaluate('good', whom)).toMatchObject({ variant: 'off' });
  });
});

describe('a snapshot is refused as a whole', () => {
  const good = snapshotOf([flagOf('a')]);
  test.each<[string, unknown]>([
    ['that is none', 7],
    ['without a version', { ...good, version: undefined }],
    ['whose flags are a list', { ...good, flags: [] }],
    ['that is not what its hash says', { ...good, hash: '0'.repeat(16) }],
  ])('%s', (_, candidate) => {
    expect(readSnapshot(candidate)).toMatchObject({ ok: false });
  });

  test('that nests too deep to be hashed, without throwing', () => {
    const deep = JSON.parse(`${'['.repeat(200_000)}${']'.repeat(200_000)}`) as unknown;
    expect(readSnapshot({ ...good, flags: { a: deep } })).toMatchObject({ ok: false });
    expect(readDelta({ ...good, set: 7 })).toMatchObject({ ok: false });
  });
});
