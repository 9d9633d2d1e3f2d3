import {
  compile,
  type Condition,
  explainText,
  type Snapshot,
  validateCondition,
  validateDelta,
  validateSnapshot,
} from '@downhaul/engine';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { condition, context, snapshot } from '../support/arbitraries.ts';
import { flagOf, rolloutOf, snapshotOf } from '../support/snapshots.ts';

function problemsOf(candidate: unknown): readonly string[] {
  const result = validateSnapshot(candidate);
  return result.ok ? [] : result.problems.map(({ path }) => path);
}

function warningsOf(candidate: unknown): readonly string[] {
  const result = validateSnapshot(candidate);
  return result.ok ? result.warnings.map(({ path, message }) => `${path}: ${message}`) : [];
}

const full = snapshotOf(
  [
    flagOf('a', {
      rules: [
        { name: 'r', if: { all: [{ attribute: 'x', equals: 1 }, { segment: 's' }] }, serve: 'on' },
        {
          name: 'p',
          if: { any: [] },
          split: {
            weights: [
              ['on', 1],
              ['off', 1],
            ],
          },
        },
      ],
      rollout: rolloutOf('a', 5, {
        allocations: [{ audience: { segment: 's' }, sharePerMillion: 5 }],
      }),
      overrides: { '0123456789abcdef': 'on' },
      requires: [{ flag: 'b', variant: 'on' }],
      conflicts: ['c'],
    }),
    flagOf('b'),
  ],
  [{ key: 's', if: { not: { attribute: 'y', exists: true } } }],
);

describe('a valid snapshot', () => {
  test('is given back, without a copy', () => {
    expect(validateSnapshot(full)).toEqual({ ok: true, snapshot: full, warnings: [] });
    const result = validateSnapshot(full);
    expect(result.ok && result.snapshot).toBe(full);
  });

  test('every generated one is valid, after a journey as JSON too', () => {
    fc.assert(
      fc.property(snapshot, (given) => {
        expect(problemsOf(given)).toEqual([]);
        expect(problemsOf(JSON.parse(JSON.stringify(given)))).toEqual([]);
      }),
    );
  });
});

/** Replaces what is at a path of member names. */
function withValue(root: unknown, path: readonly (string | number)[], value: unknown): unknown {
  const [name, ...rest] = path;
  if (name === undefined) return value;
  const copy: Record<string | number, unknown> = Array.isArray(root)
    ? (Object.assign([], root) as never)
    : { ...(root as object) };
  copy[name] = withValue(copy[name], rest, value);
  return copy;
}

const BAD: readonly (readonly [path: readonly (string | number)[], value: unknown])[] = [
  [['formatVersion'], 0],
  [['formatVersion'], '1'],
  [['project'], ''],
  [['environment'], 7],
  [['version'], -1],
  [['version'], 1.5],
  [['hash'], 'ABC'],
  [['unitSalt'], null],
  [['flags'], []],
  [['segments'], null],
  [['flags', 'a'], null],
  [['flags', 'a', 'key'], 'b'],
  [['flags', 'a', 'kind'], 7],
  [['flags', 'a', 'type'], 'integer'],
  [['flags', 'a', 'type'], 'string'],
  [['flags', 'a', 'variants'], []],
  [['flags', 'a', 'variants'], {}],
  [['flags', 'a', 'variants', 'on'], Number.NaN],
  [['flags', 'a', 'serve'], 'nowhere'],
  [['flags', 'a', 'serve'], 'constructor'],
  [['flags', 'a', 'safe'], undefined],
  [['flags', 'a', 'down'], 'no'],
  [['flags', 'a', 'version'], null],
  [['flags', 'a', 'overrides'], []],
  [['flags', 'a', 'overrides', '0123456789abcdef'], 'nowhere'],
  [['flags', 'a', 'overrides', 'ann'], 'on'],
  [['flags', 'a', 'rules'], {}],
  [['flags', 'a', 'rules', 0], 'rule'],
  [['flags', 'a', 'rules', 0, 'name'], 5],
  [['flags', 'a', 'rules', 0, 'if'], true],
  [['flags', 'a', 'rules', 0, 'if'], {}],
  [['flags', 'a', 'rules', 0, 'if'], { all: [], any: [] }],
  [['flags', 'a', 'rules', 0, 'if', 'all'], {}],
  [['flags', 'a', 'rules', 0, 'if', 'all', 0, 'attribute'], ''],
  [['flags', 'a', 'rules', 0, 'if', 'all', 0], { attribute: 'x' }],
  [['flags', 'a', 'rules', 0, 'if', 'all', 0], { attribute: 'x', equals: 1, in: [] }],
  [['flags', 'a', 'rules', 0, 'if', 'all', 1, 'segment'], 5],
  [['flags', 'a', 'rules', 0, 'serve'], 'nowhere'],
  [['flags', 'a', 'rules', 0, 'serve'], undefined],
  [['flags', 'a', 'rules', 1, 'serve'], 'on'],
  [['flags', 'a', 'rules', 1, 'split', 'weights'], 'all'],
  [['flags', 'a', 'rules', 1, 'split', 'weights', 0], 'on'],
  [['flags', 'a', 'rules', 1, 'split', 'weights', 0, 0], 'nowhere'],
  [['flags', 'a', 'rules', 1, 'split', 'weights', 0, 1], -1],
  [['flags', 'a', 'rules', 1, 'split', 'weights', 0, 1], 2_147_483_647],
  [['flags', 'a', 'rules', 1, 'split', 'unit'], 5],
  [['flags', 'a', 'rules', 1, 'split', 'salt'], null],
  [['flags', 'a', 'rollout'], 'canary'],
  [['flags', 'a', 'rollout', 'id'], ''],
  [['flags', 'a', 'rollout', 'to'], 'nowhere'],
  [['flags', 'a', 'rollout', 'control'], null],
  [['flags', 'a', 'rollout', 'unit'], ''],
  [['flags', 'a', 'rollout', 'stage'], 0.5],
  [['flags', 'a', 'rollout', 'measured'], 1],
  [['flags', 'a', 'rollout', 'allocations'], {}],
  [['flags', 'a', 'rollout', 'allocations', 0], 5],
  [['flags', 'a', 'rollout', 'allocations', 0, 'sharePerMillion'], 1_000_001],
  [['flags', 'a', 'rollout', 'allocations', 0, 'audience'], { any: 1 }],
  [['flags', 'a', 'rollout', 'peak'], undefined],
  [['flags', 'a', 'requires'], null],
  [['flags', 'a', 'requires', 0], 'b'],
  [['flags', 'a', 'requires', 0, 'variant'], 5],
  [['flags', 'a', 'conflicts'], [5]],
  [['flags', 'a', 'capabilities'], 'rules'],
  [['segments', 's'], 5],
  [['segments', 's', 'key'], 't'],
  [['segments', 's', 'if'], null],
];

describe('what is wrong is named by its place', () => {
  test.each(BAD)('%j = %j', (path, value) => {
    const problems = problemsOf(withValue(full, path, value));
    expect(problems.length).toBeGreaterThan(0);
    // The problem is reported at the place itself, at what is around it, or at what it made wrong.
    const place = path.slice(0, 2).join('.');
    expect(problems.some((each) => each.startsWith(place))).toBe(true);
  });

  test('a value that JSON does not have', () => {
    const places = [
      ['flags', 'a', 'variants', 'on'],
      ['flags', 'a', 'note'],
      ['segments', 's', 'note'],
    ];
    for (const place of places) {
      expect(problemsOf(withValue(full, place, 1n))).toEqual([place.slice(0, 2).join('.')]);
    }
  });

  test('at most a hundred problems', () => {
    const rules = Array.from({ length: 500 }, () => 5);
    expect(problemsOf(withValue(full, ['flags', 'a', 'rules'], rules)).length).toBe(100);
  });

  test('a key that would reach a prototype', () => {
    const flags = JSON.parse(
      `{"__proto__": ${JSON.stringify(flagOf('__proto__'))}}`,
    ) as Snapshot['flags'];
    expect(problemsOf({ ...full, flags })).toContain('flags.__proto__');
  });
});

describe('what is only warned of', () => {
  test('cycles, and names that lead nowhere', () => {
    const given = snapshotOf(
      [
        flagOf('a', { requires: [{ flag: 'b', variant: 'on' }] }),
        flagOf('b', { requires: [{ flag: 'a', variant: 'on' }] }),
        flagOf('c', { requires: [{ flag: 'nowhere', variant: 'on' }] }),
        flagOf('d', { rules: [{ name: 'r', if: { segment: 'nowhere' }, serve: 'on' }] }),
      ],
      [
        { key: 's', if: { segment: 't' } },
        { key: 't', if: { not: { segment: 's' } } },
      ],
    );
    expect(warningsOf(given)).toEqual([
      'flags.d.rules[0].if.segment: there is no segment nowhere: the condition is false',
      'segments.s: segment s contains itself: it is false for everyone',
      'segments.t: segment t contains itself: it is false for everyone',
      'flags.a.requires: flag a requires itself: it serves safe',
      'flags.b.requires: flag b requires itself: it serves safe',
      'flags.c.requires: there is no flag nowhere: it serves safe',
    ]);
  });

  test('a flag of a newer engine keeps no other flag from being used', () => {
    const future = {
      ...flagOf('future', { capabilities: ['telepathy'] }),
      rules: 'by mood',
      requires: [null, 5],
      rollout: { allocations: [null] },
    };
    const given = snapshotOf([future as never, flagOf('b', { serve: 'on' })]);
    expect(problemsOf(given)).toEqual([]);
    expect(warningsOf(given)[0]).toContain('needs capabilities that this engine lacks');
    const evaluator = compile(given);
    expect(evaluator.evaluate('future', {})).toMatchObject({ value: undefined, reason: 'DEFAULT' });
    expect(evaluator.evaluate('b', {}).variant).toBe('on');
    expect(evaluator.explain('future', {}).decidedBy).toBe('capabilities');
  });

  test('an unknown operator, and an operand that it does not take', () => {
    const rule = (operator: object) => [
      { name: 'r', if: { attribute: 'x', ...operator } as Condition, serve: 'on' },
    ];
    const given = snapshotOf([
      flagOf('a', { rules: rule({ resembles: 5 }) }),
      flagOf('b', { rules: rule({ semver: 'newest' }) }),
    ]);
    expect(problemsOf(given)).toEqual([]);
    expect(warningsOf(given)).toEqual([
      expect.stringContaining('flags.a.rules[0].if: resembles is no operator'),
      expect.stringContaining('flags.b.rules[0].if: semver must be comparators'),
    ]);
  });

  test('a newer format is only looked at from outside', () => {
    const given = { ...full, formatVersion: 2, flags: { x: { anything: 5 } } };
    expect(problemsOf(given)).toEqual([]);
    expect(problemsOf({ ...given, flags: { x: 5 } })).toEqual(['flags.x']);
  });
});

describe('work is bounded', () => {
  test('deep nesting of conditions and values is refused', () => {
    let deep: Condition = { all: [] };
    for (let depth = 0; depth < 31; depth++) deep = { not: deep };
    const rules = (inner: Condition) => [{ name: 'r', if: inner, serve: 'on' }];
    expect(problemsOf(snapshotOf([flagOf('a', { rules: rules(deep) })]))).toEqual([]);
    expect(problemsOf(snapshotOf([flagOf('a', { rules: rules({ not: deep }) })])).length).toBe(1);
    let value: unknown = 1;
    for (let depth = 0; depth < 10_000; depth++) value = [value];
    expect(problemsOf(withValue(full, ['flags', 'a', 'variants', 'on'], value))).toEqual([
      'flags.a',
    ]);
  });

  test('values that contain themselves end, also where they branch', () => {
    const cyclic: unknown[] = [];
    cyclic.push(cyclic, cyclic);
    expect(problemsOf(withValue(full, ['flags', 'a', 'variants', 'on'], cyclic))).toEqual([
      'flags.a',
    ]);
  });

  test('anything at all is answered, not thrown at', () => {
    fc.assert(
      fc.property(fc.anything({ withProxy: true, withBigInt: true } as never), (anything) => {
        expect(validateSnapshot(anything).ok).toBe(false);
        expect(validateDelta(anything).ok).toBe(false);
        expect(Array.isArray(validateCondition(anything))).toBe(true);
      }),
    );
    const throwing = new Proxy(
      {},
      {
        get: () => {
          throw new Error('no');
        },
      },
    );
    expect(problemsOf(throwing)).toEqual(['']);
    expect(validateCondition(throwing).length).toBe(1);
  });
});

test('what passes can be evaluated and explained, however it was damaged', () => {
  let passed = 0;
  const damage = fc.oneof(
    fc.constantFrom<unknown>(undefined, null, 0, '', 'on', true, [], {}, [null], { all: [] }, -1),
    condition,
  );
  fc.assert(
    fc.property(snapshot, fc.nat(), damage, context, (given, seed, value, each) => {
      const damaged = damageAt(JSON.parse(JSON.stringify(given)) as Snapshot, seed, value);
      const result = validateSnapshot(withHash(damaged));
      if (!result.ok) return;
      passed++;
      const evaluator = compile(result.snapshot);
      for (const key of evaluator.flagKeys) {
        const evaluation = evaluator.evaluate(key, each);
        expect(['PARSE_ERROR', 'GENERAL']).not.toContain(evaluation.errorCode);
        const explanation = evaluator.explain(key, each);
        expect(explanation.evaluation).toEqual(evaluation);
        expect(explainText(explanation).length).toBeGreaterThan(0);
      }
    }),
    { numRuns: 800 },
  );
  expect(passed).toBeGreaterThan(100);
});

/** Replaces the value at one of all places within flags and segments. */
function damageAt(given: Snapshot, seed: number, value: unknown): Snapshot {
  const places: [Record<string, unknown>, string][] = [];
  const collect = (node: unknown) => {
    if (typeof node !== 'object' || node === null) return;
    for (const name of Object.keys(node)) {
      places.push([node as Record<string, unknown>, name]);
      collect((node as Record<string, unknown>)[name]);
    }
  };
  collect(given.flags);
  collect(given.segments);
  const place = places[seed % Math.max(1, places.length)];
  if (place !== undefined) place[0][place[1]] = value;
  return given;
}

function withHash(given: Snapshot): Snapshot {
  try {
    return snapshotOf(Object.values(given.flags), Object.values(given.segments));
  } catch {
    return given;
  }
}
