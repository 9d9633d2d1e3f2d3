import type {
  Allocation,
  Condition,
  EvaluationContext,
  Snapshot,
  SnapshotFlag,
  SnapshotRollout,
  SnapshotSegment,
  TargetingRule,
} from '@downhaul/engine';
import { unitHash } from '@downhaul/engine';
import fc from 'fast-check';
import { flagOf, rolloutOf, snapshotOf } from './snapshots.ts';

const UNITS = ['ann', 'bob', 'cid', 'dora', 'é', ''];
const FLAGS = ['a', 'b', 'c', 'd', 'e'];
const SEGMENTS = ['s', 't', 'u'];
const UNIT_SALT = 'salt';

const attribute = fc.constantFrom('targetingKey', 'plan', 'age', 'tenant', 'user.city', 'version');
const text = fc.constantFrom('gold', 'de', 'Bonn', 'ann', '1.2.3', '');
const scalar = fc.oneof(text, fc.constantFrom(0, 1, 18, -1), fc.boolean());

const attributeCondition = fc
  .tuple(
    attribute,
    fc.oneof(
      fc.record({ equals: scalar }),
      fc.record({ notEquals: scalar }),
      fc.record({ in: fc.array(scalar, { maxLength: 3 }) }),
      fc.record({ notIn: fc.array(scalar, { maxLength: 3 }) }),
      fc.record({ startsWith: text }),
      fc.record({ contains: text }),
      fc.record({ atLeast: fc.constantFrom(0, 18) }),
      fc.record({ semver: fc.constantFrom('>=1.2', '^1.2.3', '<2') }),
      fc.record({ before: fc.constant('2027-01-01') }),
      fc.record({ exists: fc.boolean() }),
    ),
  )
  .map(([name, operator]): Condition => ({ attribute: name, ...operator }));

/** Conditions three levels deep, on few attributes, so that they often hold. */
export const condition = fc.letrec<{ any: Condition }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    attributeCondition,
    fc.constantFrom(...SEGMENTS, 'nowhere').map((segment): Condition => ({ segment })),
    fc.array(tie('any'), { maxLength: 3 }).map((all): Condition => ({ all })),
    fc.array(tie('any'), { maxLength: 3 }).map((any): Condition => ({ any })),
    tie('any').map((not): Condition => ({ not })),
  ),
})).any;

const variant = fc.constantFrom('on', 'off', 'half');

const rule: fc.Arbitrary<TargetingRule> = fc.oneof(
  fc.record({ name: fc.constantFrom('r1', 'r2'), if: condition, serve: variant }),
  fc.record({
    name: fc.constant('split'),
    if: condition,
    split: fc.record(
      {
        unit: fc.constantFrom('targetingKey', 'tenant'),
        salt: fc.constantFrom('x', 'é'),
        weights: fc.array(fc.tuple(variant, fc.nat(5)), { maxLength: 4 }),
      },
      { requiredKeys: ['weights'] },
    ),
  }),
);

const allocation: fc.Arbitrary<Allocation> = fc.record(
  { audience: condition, sharePerMillion: fc.constantFrom(0, 1, 250_000, 500_000, 1_000_000) },
  { requiredKeys: ['sharePerMillion'] },
);

const rollout = (key: string): fc.Arbitrary<SnapshotRollout> =>
  fc
    .record({
      allocations: fc.array(allocation, { maxLength: 3 }),
      peak: fc.array(allocation, { maxLength: 2 }),
      unit: fc.constantFrom('targetingKey', 'tenant', 'user.city'),
      to: variant,
      control: variant,
      stage: fc.integer({ min: -2, max: 4 }),
      measured: fc.boolean(),
    })
    .map((parts) => rolloutOf(key, 0, parts));

const overrides = fc
  .array(fc.tuple(fc.constantFrom(...UNITS), variant), { maxLength: 3 })
  .map((pairs) => Object.fromEntries(pairs.map(([unit, to]) => [unitHash(UNIT_SALT, unit), to])));

const flag = (key: string): fc.Arbitrary<SnapshotFlag> =>
  fc
    .record(
      {
        serve: variant,
        safe: variant,
        down: fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, fc.constant(true)),
        overrides,
        rules: fc.array(rule, { maxLength: 3 }),
        rollout: rollout(key),
        requires: fc.array(fc.record({ flag: fc.constantFrom(...FLAGS, 'nowhere'), variant }), {
          maxLength: 2,
        }),
        conflicts: fc.array(fc.constantFrom(...FLAGS, 'nowhere'), { maxLength: 1 }),
        capabilities: fc.constantFrom([], [], [], ['rules'], ['telepathy']),
        version: fc.nat(9),
      },
      { requiredKeys: [] },
    )
    .map((parts) =>
      flagOf(key, { type: 'string', variants: { on: 'ON', off: 'OFF', half: 'HALF' }, ...parts }),
    );

const segment = (key: string): fc.Arbitrary<SnapshotSegment> =>
  condition.map((holds) => ({ key, if: holds }));

/** A snapshot of up to five flags and three segments that refer to one another, cycles included. */
export const snapshot: fc.Arbitrary<Snapshot> = fc
  .tuple(
    fc.subarray(FLAGS).chain((keys) => fc.tuple(...keys.map(flag))),
    fc.subarray(SEGMENTS).chain((keys) => fc.tuple(...keys.map(segment))),
    fc.nat(5),
  )
  .map(([flags, segments, version]) =>
    snapshotOf(flags, segments, { version, unitSalt: UNIT_SALT }),
  );

const value = fc.oneof(
  fc.constantFrom<unknown>('gold', 'de', 'ann', 'bob', '', '1.2.3', '2026-05-05', 'é'),
  fc.constantFrom<unknown>(0, 1, 17, 18, 7, true, false, null, undefined, 1.5),
  fc.constantFrom<unknown>([], {}, { city: 'Bonn' }, { city: 7 }, ['gold']),
);

/** A context with attributes that the conditions ask for, often of a type they do not want. */
export const context: fc.Arbitrary<EvaluationContext> = fc
  .dictionary(fc.constantFrom('targetingKey', 'plan', 'age', 'tenant', 'user', 'version'), value)
  .map((attributes) => attributes as EvaluationContext);

/** A context in which reading the one or the other attribute throws. */
export const throwingContext: fc.Arbitrary<EvaluationContext> = fc
  .tuple(context, fc.subarray(['targetingKey', 'plan', 'tenant', 'user', 'age'], { minLength: 1 }))
  .map(([attributes, throwing]) => {
    const hostile = { ...attributes };
    for (const name of throwing) {
      Object.defineProperty(hostile, name, {
        enumerable: true,
        get: () => {
          throw new Error('not for you');
        },
      });
    }
    return hostile;
  });
