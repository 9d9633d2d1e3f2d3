import { compile, type Condition, type Snapshot } from '@downhaul/engine';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { audienceContains, isEveryone } from '../../src/plan/audience.ts';

const inTenants = (...values: string[]): Condition => ({ attribute: 'tenant', in: values });
const staff: Condition = { segment: 'staff' };
const beta: Condition = { segment: 'beta' };

describe('audienceContains', () => {
  test.each<[string, Condition | undefined, Condition | undefined, boolean]>([
    ['everyone contains everyone', undefined, undefined, true],
    ['everyone contains a list', undefined, inTenants('a'), true],
    ['a list does not contain everyone', inTenants('a'), undefined, false],
    ['the empty `all` contains everyone', { all: [] }, undefined, true],
    ['the empty `any` is in every list', inTenants('a'), { any: [] }, true],
    ['a condition contains itself', staff, { segment: 'staff' }, true],
    ['another segment is not contained', staff, beta, false],
    ['a longer list contains a shorter one', inTenants('a', 'b'), inTenants('b'), true],
    ['a shorter list does not contain a longer one', inTenants('b'), inTenants('a', 'b'), false],
    [
      'a list of another attribute is not contained',
      inTenants('a'),
      { attribute: 'service', in: ['a'] },
      false,
    ],
    [
      'a list contains one of its values',
      inTenants('a', 'b'),
      { attribute: 'tenant', equals: 'a' },
      true,
    ],
    ['a union contains its parts', { any: [staff, beta] }, beta, true],
    [
      'a wider union contains a narrower one',
      { any: [beta, staff, inTenants('a')] },
      { any: [staff, beta] },
      true,
    ],
    ['a part does not contain the union', staff, { any: [staff, beta] }, false],
    ['a part contains the intersection', staff, { all: [staff, beta] }, true],
    ['an intersection does not contain a part', { all: [staff, beta] }, staff, false],
    [
      'a condition of more parts is in one of fewer',
      { all: [staff] },
      { all: [beta, staff] },
      true,
    ],
    [
      'less excluded contains more excluded',
      { not: inTenants('a') },
      { not: inTenants('a', 'b') },
      true,
    ],
    [
      'more excluded does not contain less',
      { not: inTenants('a', 'b') },
      { not: inTenants('a') },
      false,
    ],
    ['`exists` contains a list', { attribute: 'tenant', exists: true }, inTenants('a'), true],
    [
      '`exists: false` contains nothing else',
      { attribute: 'tenant', exists: false },
      inTenants('a'),
      false,
    ],
    [
      '`notIn` contains a longer `notIn`',
      { attribute: 'tenant', notIn: ['a'] },
      { attribute: 'tenant', notIn: ['b', 'a'] },
      true,
    ],
  ])('%s', (_name, outer, inner, expected) => {
    expect(audienceContains(outer, inner)).toBe(expected);
  });

  test('is never true where an evaluator finds somebody outside', () => {
    fc.assert(
      fc.property(anyCondition(), anyCondition(), anyContext(), (outer, inner, context) => {
        if (!audienceContains(outer, inner)) return;
        if (holds(inner, context)) expect(holds(outer, context)).toBe(true);
      }),
      { numRuns: 3000, seed: 1 },
    );
  });

  test('finds containment in a good part of random pairs, so that the test above says something', () => {
    const pairs = fc.sample(fc.tuple(anyCondition(), anyCondition()), { numRuns: 2000, seed: 2 });
    const contained = pairs.filter(([outer, inner]) => audienceContains(outer, inner)).length;
    expect(contained).toBeGreaterThan(100);
    expect(contained).toBeLessThan(1500);
  });
});

test('isEveryone is true only of conditions that hold for every context', () => {
  fc.assert(
    fc.property(anyCondition(), anyContext(), (condition, context) => {
      if (isEveryone(condition)) expect(holds(condition, context)).toBe(true);
    }),
    { numRuns: 2000, seed: 3 },
  );
  expect(isEveryone(undefined)).toBe(true);
  expect(isEveryone({ not: { any: [] } })).toBe(true);
  expect(isEveryone(staff)).toBe(false);
});

function anyCondition(): fc.Arbitrary<Condition> {
  const value = fc.constantFrom('a', 'b', 'c');
  const attribute = fc.constantFrom('tenant', 'plan');
  const leaf = fc.oneof(
    fc.record({ attribute, in: fc.uniqueArray(value, { maxLength: 3 }) }),
    fc.record({ attribute, notIn: fc.uniqueArray(value, { maxLength: 2 }) }),
    fc.record({ attribute, equals: value }),
    fc.record({ attribute, notEquals: value }),
    fc.record({ attribute, exists: fc.boolean() }),
    fc.record({ attribute, startsWith: value }),
    fc.record({ segment: fc.constantFrom('staff', 'beta') }),
  ) as fc.Arbitrary<Condition>;
  return fc.letrec<{ condition: Condition }>((tie) => ({
    condition: fc.oneof(
      { maxDepth: 2, depthSize: 'small' },
      leaf,
      fc.record({ all: fc.array(tie('condition'), { maxLength: 2 }) }),
      fc.record({ any: fc.array(tie('condition'), { maxLength: 2 }) }),
      fc.record({ not: tie('condition') }),
    ),
  })).condition;
}

function anyContext() {
  const value = fc.constantFrom('a', 'b', 'c', 'd');
  return fc.record({ tenant: value, plan: value, staff: fc.boolean() }, { requiredKeys: [] });
}

/** What the engine says of a condition for a context. */
function holds(condition: Condition, context: Record<string, string | boolean>): boolean {
  const snapshot: Snapshot = {
    formatVersion: 1,
    project: 'p',
    environment: 'e',
    version: 1,
    hash: '0000000000000000',
    unitSalt: 's',
    segments: {
      staff: { key: 'staff', if: { attribute: 'staff', equals: true } },
      beta: { key: 'beta', if: { attribute: 'plan', equals: 'b' } },
    },
    flags: {
      f: {
        key: 'f',
        kind: 'release',
        type: 'boolean',
        variants: { on: true, off: false },
        serve: 'off',
        safe: 'off',
        down: false,
        rules: [{ name: 'r', if: condition, serve: 'on' }],
        requires: [],
        conflicts: [],
        capabilities: [],
        version: 1,
      },
    },
  };
  return compile(snapshot).evaluate('f', context).variant === 'on';
}
