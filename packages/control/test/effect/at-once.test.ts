import { compile, type Condition, type EvaluationContext } from '@downhaul/engine';
import {
  buildSnapshot,
  type Decision,
  type FlagDefinition,
  type FlagEnvironmentDefinition,
} from '@downhaul/control';
import { describe, expect, test } from 'vitest';
import {
  JUSTIFICATION,
  quickPlan,
  SOME_CAUSE,
  someFlag,
  startedWorld,
  type World,
} from '../support/world.ts';

const KEY = 'new-checkout';
const SITE = { flag: KEY, environment: 'production' } as const;
const ASKED = { atOnce: true, justification: JUSTIFICATION };
const ACME: Condition = { attribute: 'tenant', equals: 'acme' };
const STAFF: Condition = { attribute: 'email', endsWith: '@acme.test' };

type Change = Partial<FlagDefinition>;

function production(change: Partial<FlagEnvironmentDefinition>): Change {
  return { environments: { production: { serve: 'off', rules: [], ...change } } };
}

function rule(condition: Condition, serve = 'on') {
  return { name: `rule ${JSON.stringify(condition)} ${serve}`, if: condition, serve };
}

function half(condition: Condition, on = 1) {
  const weights = [
    ['on', on],
    ['off', 1],
  ] as const;
  return { name: 'half', if: condition, split: { weights } };
}

const BASE: Change = { variants: { on: true, off: false, blue: false }, ...production({}) };

function put(world: World, change: Change, asked = false): Decision {
  const definition = someFlag({ ...BASE, ...change });
  // Where a document has no environment any more, it says so.
  const said = { removes: ['production', 'staging'] };
  return world.send({ type: 'putFlag', definition, said, ...(asked ? ASKED : {}) });
}

function outcome(decision: Decision): string {
  if (decision.ok) return 'accepted';
  return `${decision.error.code} ${decision.error.path}`;
}

function worldWith(...documents: readonly Change[]): World {
  const world = startedWorld();
  for (const key of ['staff', 'inner']) {
    const condition = key === 'staff' ? STAFF : ACME;
    world.accept({ type: 'putSegment', key, owner: 'team', if: condition });
  }
  for (const change of documents) expect(outcome(put(world, change, true))).toBe('accepted');
  return world;
}

function valueOf(world: World, key: string, context: EvaluationContext) {
  const place = { project: 'default', environment: 'production' };
  const snapshot = buildSnapshot(world.state, place, { pages: () => undefined });
  return snapshot && compile(snapshot).evaluate(key, context).value;
}

const HERE = '/environments/production';
const RAISE = 'flag_raise_at_once';
const everyone: Condition = { all: [] };

describe('a put passes without a question', () => {
  test.each<[string, Change, Change]>([
    ['that says who owns it', {}, { owner: 'others', purpose: 'another', expires: '2027-03-01' }],
    ['with a new variant that nobody gets', {}, { variants: { on: true, off: false, red: true } }],
    ['without a variant that nobody gets', {}, { variants: { on: true, off: false } }],
    ['with a new value of a variant that nobody gets', {}, { variants: { on: false, off: false } }],
    ['with a rule for a tenant', {}, production({ rules: [rule(ACME)] })],
    ['with a rule for whom a text describes', {}, production({ rules: [rule(STAFF)] })],
    ['with a rule for a segment of such', {}, production({ rules: [rule({ segment: 'staff' })] })],
    [
      'with a rule for newer versions',
      {},
      production({ rules: [rule({ attribute: 'app', semver: '>=2' })] }),
    ],
    [
      'with a rule for all but one of a tenant',
      {},
      production({ rules: [rule({ all: [ACME, { not: STAFF }] })] }),
    ],
    ['that serves safe again', production({ serve: 'on' }), production({})],
    ['without its rule for everyone', production({ rules: [rule(everyone)] }), production({})],
    [
      'that serves fewer by a split',
      production({ rules: [half(everyone, 9)] }),
      production({ rules: [half(everyone, 1)] }),
    ],
    [
      'that gives the served value another name',
      production({ serve: 'on' }),
      {
        variants: { on: true, off: false, yes: true },
        ...production({ serve: 'yes' }),
      },
    ],
    ['that calls another variant of the same value safe', {}, { safe: 'blue' }],
    [
      'with a split for an experiment',
      { kind: 'experiment' },
      { kind: 'experiment', ...production({ rules: [half(everyone)] }) },
    ],
    ['that takes the flag out of an environment where it is safe', {}, { environments: {} }],
  ])('%s', (_name, before, after) => {
    expect(outcome(put(worldWith(before), after))).toBe('accepted');
  });
});

describe('a put is asked for', () => {
  test.each<[string, Change, Change, string]>([
    ['that serves everyone', {}, production({ serve: 'on' }), `${RAISE} ${HERE}/serve`],
    [
      'that serves everyone by a rule, behind others',
      {},
      production({ rules: [rule(ACME), rule(everyone)] }),
      `${RAISE} ${HERE}/rules/1`,
    ],
    [
      'with a rule for all but a tenant',
      {},
      production({ rules: [rule({ not: ACME })] }),
      `${RAISE} ${HERE}/rules/0`,
    ],
    [
      'with a rule for all but a segment',
      {},
      production({ rules: [rule({ not: { segment: 'staff' } })] }),
      `${RAISE} ${HERE}/rules/0`,
    ],
    [
      'with a rule for all who have a key',
      {},
      production({ rules: [rule({ attribute: 'targetingKey', exists: true })] }),
      `${RAISE} ${HERE}/rules/0`,
    ],
    [
      'with a rule for all who have no attribute',
      {},
      production({ rules: [rule({ attribute: 'plan', exists: false })] }),
      `${RAISE} ${HERE}/rules/0`,
    ],
    [
      'with a rule for a list of none',
      {},
      production({ rules: [rule({ attribute: 'plan', notIn: [] })] }),
      `${RAISE} ${HERE}/rules/0`,
    ],
    [
      'with a rule for the empty text',
      {},
      production({ rules: [rule({ attribute: 'email', contains: '' })] }),
      `${RAISE} ${HERE}/rules/0`,
    ],
    [
      'with a rule for one or all others',
      {},
      production({ rules: [rule({ any: [ACME, { not: ACME }] })] }),
      `${RAISE} ${HERE}/rules/0`,
    ],
    [
      'with two rules that everyone meets one of',
      {},
      production({ rules: [rule(ACME), rule({ not: ACME })] }),
      `${RAISE} ${HERE}/rules/1`,
    ],
    [
      'that divides everyone by a split',
      {},
      production({ rules: [half(everyone)] }),
      `${RAISE} ${HERE}/rules/0`,
    ],
    [
      'that gives a split a little more',
      production({ rules: [half(everyone, 100)] }),
      production({ rules: [half(everyone, 101)] }),
      `${RAISE} ${HERE}/rules/0`,
    ],
    [
      'that divides by another unit',
      production({ rules: [half(everyone)] }),
      production({
        rules: [{ ...half(everyone), split: { ...half(everyone).split, unit: 'account.id' } }],
      }),
      `${RAISE} ${HERE}/rules/0`,
    ],
    [
      'without the rule that kept everyone at safe',
      production({ serve: 'on', rules: [rule(everyone, 'off')] }),
      production({ serve: 'on' }),
      `${RAISE} ${HERE}/rules`,
    ],
    [
      'with another order of rules',
      production({ rules: [rule({ not: ACME }, 'off'), rule(everyone)] }),
      production({ rules: [rule(everyone), rule({ not: ACME }, 'off')] }),
      `${RAISE} ${HERE}/rules/0`,
    ],
    [
      'with a new value of what is served',
      production({ serve: 'off' }),
      { variants: { on: true, off: true, blue: false } },
      `${RAISE} /variants/off`,
    ],
    [
      'with a new value of what a few are served',
      { type: 'string', variants: { on: 'a', off: 'b' }, ...production({ rules: [rule(ACME)] }) },
      { type: 'string', variants: { on: 'c', off: 'b' }, ...production({ rules: [rule(ACME)] }) },
      `${RAISE} /variants/on`,
    ],
    ['with another safe', {}, { safe: 'on' }, `${RAISE} /safe`],
    [
      'that turns an experiment into a release with more of it',
      { kind: 'experiment', ...production({ rules: [half(everyone)] }) },
      { kind: 'release', ...production({ rules: [half(everyone, 2)] }) },
      `${RAISE} ${HERE}/rules/0`,
    ],
    [
      'that serves everyone of an experiment',
      { kind: 'experiment' },
      { kind: 'experiment', ...production({ serve: 'on' }) },
      `${RAISE} ${HERE}/serve`,
    ],
    [
      'that takes the flag out of an environment where it serves more than safe',
      production({ serve: 'on' }),
      { environments: {} },
      'flag_leaves_at_once /environments',
    ],
  ])('%s', (_name, before, after, expected) => {
    const world = worldWith(before);
    expect(outcome(put(world, after))).toBe(expected);
    expect(outcome(put(world, after, true))).toBe('accepted');
  });

  test('also where nobody notices yet: the flag is down, and `up` would raise everyone', () => {
    const world = worldWith({});
    world.accept({ type: 'downFlag', ...SITE });
    expect(outcome(put(world, production({ serve: 'on' })))).toBe(`${RAISE} ${HERE}/serve`);
  });

  test('also where a rollout hides it that served only a part', () => {
    const world = worldWith({});
    const stages = [{ allocations: [{ sharePerMillion: 500_000 }], bakeMs: 0, minimumSample: 0 }];
    world.accept({ type: 'startRollout', ...SITE, plan: quickPlan({ stages }), to: 'on' });
    world.accept({ type: 'completeRollout', ...SITE });
    expect(outcome(put(world, production({ serve: 'on' })))).toBe(`${RAISE} ${HERE}/serve`);
  });

  test('with a new value of the control after a rollback', () => {
    const world = worldWith({ type: 'number', variants: { on: 1, off: 0 } });
    world.accept({ type: 'startRollout', ...SITE, plan: quickPlan(), to: 'on' });
    world.accept({ type: 'rollbackRollout', ...SITE, cause: SOME_CAUSE });
    const changed = { type: 'number', variants: { on: 1, off: 7 } } as const;
    expect(outcome(put(world, changed))).toBe(`${RAISE} /variants/off`);
  });

  test('and says who is raised, of every flag that is', () => {
    const decision = put(worldWith({}), production({ rules: [rule({ not: ACME })] }));
    expect(decision).toMatchObject({
      error: {
        message: expect.stringContaining('for everyone in production at once') as string,
        details: {
          effects: [{ flag: KEY, environment: 'production', does: 'raises', units: 'everyone' }],
        },
      },
    });
  });
});

describe('`safe`', () => {
  const target = { code: 'flag_safe_is_target', path: '/safe' };

  test.each<[string, readonly ('rollback' | 'complete' | 'end')[]]>([
    ['goes on', []],
    ['was rolled back', ['rollback']],
    ['was completed', ['complete']],
    ['is watched no more', ['complete', 'end']],
  ])(
    'never becomes what a rollout that %s goes to: `down` would raise everyone',
    (_name, steps) => {
      const world = worldWith({});
      const stages = [{ allocations: [{ sharePerMillion: 300_000 }], bakeMs: 0, minimumSample: 0 }];
      world.accept({ type: 'startRollout', ...SITE, plan: quickPlan({ stages }), to: 'on' });
      for (const step of steps) {
        if (step === 'rollback')
          world.accept({ type: 'rollbackRollout', ...SITE, cause: SOME_CAUSE });
        if (step === 'complete') world.accept({ type: 'completeRollout', ...SITE });
        if (step === 'end') world.accept({ type: 'endWatch', ...SITE });
      }
      expect(put(world, { safe: 'on' }, true)).toMatchObject({ ok: false, error: target });
      const renamed = { variants: { on: true, off: false, blue: false, yes: true }, safe: 'yes' };
      expect(put(world, renamed, true)).toMatchObject({ ok: false, error: target });
      expect(outcome(put(world, { safe: 'blue' }))).toBe('accepted');
    },
  );

  test('of a log of an earlier release in which it is: `down` serves the control', () => {
    const world = worldWith({});
    world.accept({ type: 'startRollout', ...SITE, plan: quickPlan(), to: 'on' });
    const [last] = world.log.filter(({ body }) => body.type === 'flagPut');
    const definition = someFlag({ ...BASE, safe: 'on' });
    world.append([{ ...last!.body, type: 'flagPut', definition }]);
    world.accept({ type: 'downFlag', ...SITE });
    expect(valueOf(world, KEY, { targetingKey: 'u' })).toBe(false);
  });
});
