import type { Condition } from '@downhaul/engine';
import type { Decision, FlagDefinition, FlagEnvironmentDefinition } from '@downhaul/control';
import { describe, expect, test } from 'vitest';
import {
  JUSTIFICATION,
  quickPlan,
  SOME_CAUSE,
  SOME_FIGURES,
  someFlag,
  startedWorld,
  type World,
} from '../support/world.ts';

const environment = 'production';
const ASKED = { atOnce: true, justification: JUSTIFICATION };
const everyone: Condition = { all: [] };
const ACME: Condition = { attribute: 'tenant', equals: 'acme' };

interface Links {
  readonly requires?: string;
  readonly conflicts?: readonly string[];
}

function definitionOf(
  key: string,
  here: Partial<FlagEnvironmentDefinition> = {},
  { requires, conflicts = [] }: Links = {},
): FlagDefinition {
  return someFlag({
    key,
    requires: {
      flags: requires === undefined ? [] : [{ flag: requires, variant: 'on' }],
      services: [],
      migrations: [],
    },
    conflicts,
    environments: { production: { serve: 'off', rules: [], ...here } },
  });
}

function put(world: World, definition: FlagDefinition, asked = false): Decision {
  return world.send({ type: 'putFlag', definition, ...(asked ? ASKED : {}) });
}

function accepted(world: World, definition: FlagDefinition): void {
  expect(put(world, definition, true)).toMatchObject({ ok: true });
}

function start(world: World, flag: string): void {
  world.accept({ type: 'startRollout', flag, environment, plan: quickPlan(), to: 'on' });
  world.accept({ type: 'advanceRollout', flag, environment, figures: SOME_FIGURES });
}

describe('what is taken from those who require a flag', () => {
  /** `base` serves everyone, `middle` and `top` roll out above it, `aside` is nobody's business. */
  function tower(): World {
    const world = startedWorld();
    accepted(world, definitionOf('base', { serve: 'on' }));
    accepted(world, definitionOf('middle', {}, { requires: 'base' }));
    accepted(world, definitionOf('top', {}, { requires: 'middle' }));
    accepted(world, definitionOf('aside'));
    for (const flag of ['middle', 'top', 'aside']) start(world, flag);
    return world;
  }

  test.each<[string, Partial<FlagEnvironmentDefinition>]>([
    ['serves safe again', { serve: 'off' }],
    [
      'keeps everyone at safe by a rule',
      { serve: 'on', rules: [{ name: 'off', if: everyone, serve: 'off' }] },
    ],
    [
      'divides everyone',
      {
        serve: 'on',
        rules: [
          {
            name: 'half',
            if: everyone,
            split: {
              weights: [
                ['on', 1],
                ['off', 1],
              ],
            },
          },
        ],
      },
    ],
  ])('by a document in which it %s is rolled back in the same change', (_name, here) => {
    const world = tower();
    const from = world.log.length;
    const decision = put(world, definitionOf('base', here));
    expect(decision).toMatchObject({ ok: true });
    const events = world.log.slice(from).map(({ body }) => body);
    expect(events).toMatchObject([
      { type: 'flagPut' },
      { type: 'rolloutRolledBack', flag: 'middle', cause: { code: 'change_lowered' } },
      { type: 'rolloutRolledBack', flag: 'top', cause: { code: 'change_lowered' } },
    ]);
    const proofs = [`${environment}/middle@${from + 2}`, `${environment}/top@${from + 3}`];
    expect(decision).toMatchObject({ answer: { rolledBack: proofs } });
    expect(proofs.map((proof) => world.state.proofs.get(proof)?.kind)).toEqual([
      'rollback',
      'rollback',
    ]);
    expect(world.rollout('aside')?.status).toBe('running');
    // The way back is a step up, and raises nobody who was rolled back.
    const back = definitionOf('base', { serve: 'on' });
    expect(put(world, back)).toMatchObject({ error: { code: 'flag_raise_at_once' } });
    accepted(world, back);
    expect(world.rollout('middle')?.status).toBe('rolledBack');
  });

  test('for a few whom a rule names takes nothing back', () => {
    const world = tower();
    const rules = [{ name: 'fragile', if: ACME, serve: 'off' }];
    expect(put(world, definitionOf('base', { serve: 'on', rules }))).toMatchObject({ ok: true });
    expect(world.rollout('middle')?.status).toBe('running');
  });

  test('raises those who serve it without a rollout, when it comes back: they are named', () => {
    const world = startedWorld();
    accepted(world, definitionOf('base', { serve: 'on' }));
    accepted(world, definitionOf('user', { serve: 'on' }, { requires: 'base' }));
    expect(put(world, definitionOf('base'))).toMatchObject({ ok: true });
    expect(put(world, definitionOf('base', { serve: 'on' }))).toMatchObject({
      error: {
        code: 'flag_raise_at_once',
        details: { effects: [{ flag: 'base' }, { flag: 'user', units: 'everyone' }] },
      },
    });
  });
});

describe('requirements and conflicts', () => {
  test('that are removed, and kept users at safe, are asked for', () => {
    const world = startedWorld();
    accepted(world, definitionOf('base', { serve: 'on' }));
    accepted(world, definitionOf('user', { serve: 'on' }, { requires: 'base' }));
    accepted(world, definitionOf('base'));
    const free = definitionOf('user', { serve: 'on' });
    expect(put(world, free)).toMatchObject({
      error: { code: 'flag_raise_at_once', path: '/requires/flags' },
    });
  });

  test('that are added, and take users to safe, roll back whoever they take them from', () => {
    const world = startedWorld();
    for (const flag of ['one', 'two']) accepted(world, definitionOf(flag));
    for (const flag of ['one', 'two']) start(world, flag);
    expect(put(world, definitionOf('one', {}, { conflicts: ['two'] }))).toMatchObject({ ok: true });
    expect([world.rollout('one')?.status, world.rollout('two')?.status]).toEqual([
      'rolledBack',
      'rolledBack',
    ]);
  });

  test('that are unmet when they are added roll the own rollout back', () => {
    const world = startedWorld();
    for (const flag of ['base', 'user']) accepted(world, definitionOf(flag));
    start(world, 'user');
    expect(put(world, definitionOf('user', {}, { requires: 'base' }))).toMatchObject({ ok: true });
    expect(world.rollout('user')).toMatchObject({
      status: 'rolledBack',
      cause: { code: 'change_lowered' },
    });
  });

  test('by which two flags kept each other down are asked for when one of them goes', () => {
    const world = startedWorld();
    accepted(world, definitionOf('one', { serve: 'on' }));
    accepted(world, definitionOf('two'));
    start(world, 'two');
    accepted(world, definitionOf('two', {}, { conflicts: ['one'] }));
    // `one` serves safe to those whom the rollout of `two` had reached.
    expect(put(world, definitionOf('two'))).toMatchObject({
      error: { details: { effects: [{ flag: 'one', does: 'raises' }] } },
    });
    expect(world.send({ type: 'archiveFlag', flag: 'two' })).toMatchObject({
      error: { code: 'flag_raise_at_once' },
    });
  });

  test('count where a rule for everyone raises the other flag', () => {
    const world = startedWorld();
    const rules = [{ name: 'all', if: everyone, serve: 'on' }];
    accepted(world, definitionOf('one', { rules }));
    accepted(world, definitionOf('two', {}, { conflicts: ['one'] }));
    const refusal = world.refusal({
      type: 'startRollout',
      flag: 'two',
      environment,
      plan: quickPlan(),
      to: 'on',
    });
    expect(refusal).toBe('flag_conflict');
  });

  test('beyond what evaluators follow are refused, whoever would be beyond it', () => {
    const world = startedWorld();
    for (let index = 0; index <= 101; index++) {
      accepted(world, definitionOf(`flag-${index}`));
    }
    for (let index = 1; index <= 99; index++) {
      accepted(world, definitionOf(`flag-${index}`, {}, { requires: `flag-${index - 1}` }));
    }
    const last = definitionOf('flag-100', {}, { requires: 'flag-99' });
    expect(put(world, last)).toMatchObject({
      error: { code: 'flag_requires_too_much', path: '/requires/flags' },
    });
    // At the lower end the same: it is `flag-99` that would be beyond it.
    const first = definitionOf('flag-0', {}, { requires: 'flag-101' });
    expect(put(world, first)).toMatchObject({
      error: { message: expect.stringContaining('flag-99') as string },
    });
    accepted(world, definitionOf('flag-101', {}, { requires: 'flag-98' }));
  });
});

describe('a segment', () => {
  const segment = (condition: Condition, asked = false) =>
    ({
      type: 'putSegment',
      key: 'beta',
      owner: 'team',
      if: condition,
      ...(asked ? ASKED : {}),
    }) as const;
  const tenants = (...values: string[]): Condition => ({ attribute: 'tenant', in: values });
  const mail = (end: string): Condition => ({ attribute: 'email', endsWith: end });

  function worldWith(condition: Condition, serve = 'off', ruled = 'on'): World {
    const world = startedWorld();
    world.accept(segment(condition));
    world.accept({ type: 'putSegment', key: 'outer', owner: 'team', if: { segment: 'beta' } });
    const rules = [{ name: 'beta', if: { segment: 'outer' }, serve: ruled }];
    accepted(world, definitionOf('user', { serve, rules }));
    accepted(world, definitionOf('aside'));
    return world;
  }

  test.each<[string, Condition, Condition]>([
    ['one more tenant', tenants('a'), tenants('a', 'b')],
    ['fewer tenants', tenants('a', 'b'), tenants('a')],
    ['nobody', { not: tenants('a') }, { any: [] }],
    ['fewer by a text', mail('@acme.test'), { all: [mail('@acme.test'), tenants('a')] }],
  ])('passes with %s', (_name, before, after) => {
    const world = startedWorld();
    world.accept(segment(before, true));
    const rules = [{ name: 'beta', if: { segment: 'beta' }, serve: 'on' }];
    accepted(world, definitionOf('user', { rules }));
    expect(world.send(segment(after))).toMatchObject({ ok: true });
  });

  test.each<[string, Condition, string]>([
    ['everyone', everyone, 'everyone'],
    ['all but a tenant', { not: tenants('a') }, 'everyone'],
    ['whom another text describes', mail('.test'), 'described'],
    ['whoever has a plan', { attribute: 'plan', exists: true }, 'everyone'],
    ['whoever says so', { attribute: 'beta', equals: true }, 'described'],
  ])('is asked for with %s, through any rule of any flag', (_name, condition, units) => {
    const world = worldWith(tenants('a'));
    expect(world.send(segment(condition))).toMatchObject({
      error: {
        code: 'flag_raise_at_once',
        path: '/if',
        details: { effects: [{ flag: 'user', does: 'raises', units }] },
      },
    });
    world.accept(segment(condition, true));
  });

  test('of whom a rule keeps at safe is asked for where it lets them go', () => {
    const world = worldWith(everyone, 'on', 'off');
    expect(world.refusal(segment(tenants('a')))).toBe('flag_raise_at_once');
  });

  test('that takes a requirement from everyone rolls those back who require it', () => {
    const world = worldWith(everyone);
    accepted(world, definitionOf('top', {}, { requires: 'user' }));
    start(world, 'top');
    world.accept(segment(tenants('a')));
    expect(world.rollout('top')).toMatchObject({
      status: 'rolledBack',
      cause: { code: 'change_lowered', text: expect.stringContaining('segment beta') as string },
    });
  });

  test('is asked for nothing where no flag uses it', () => {
    const world = startedWorld();
    world.accept(segment(tenants('a')));
    world.accept(segment(everyone));
  });

  test('beyond what evaluators follow is refused, whichever would be beyond it', () => {
    const world = startedWorld();
    const nested = (index: number): Condition =>
      index === 0 ? tenants('a') : { segment: `s${index - 1}` };
    for (let index = 0; index < 32; index++) {
      world.accept({ type: 'putSegment', key: `s${index}`, owner: 'team', if: nested(index) });
    }
    const deeper = { type: 'putSegment', key: 's32', owner: 'team', if: nested(32) } as const;
    expect(world.send(deeper)).toMatchObject({ error: { code: 'segment_too_large', path: '/if' } });
    world.accept(segment(tenants('a')));
    const below = {
      type: 'putSegment',
      key: 's0',
      owner: 'team',
      if: { segment: 'beta' },
    } as const;
    expect(world.refusal(below)).toBe('segment_too_large');
  });
});

describe('an archived flag', () => {
  const archive = { type: 'archiveFlag', flag: 'user' } as const;

  test('that serves more than safe, or may be evaluated, is asked for and says where', () => {
    const world = startedWorld();
    accepted(world, definitionOf('user', { serve: 'on' }));
    const evaluatedBy = ['shop/i1', 'shop/i2'];
    const decision = world.send({ ...archive, evaluatedBy });
    expect(decision).toMatchObject({
      error: { code: 'flag_archive_in_use', details: { evaluatedBy } },
    });
    const { message } = (decision as Extract<Decision, { ok: false }>).error;
    expect(message).toContain('it serves more than safe in production');
    expect(message).toContain('live instances may evaluate it: shop/i1, shop/i2.');
    expect(world.refusal({ ...archive, evaluatedBy, atOnce: true })).toBe('flag_archive_in_use');
    world.accept({ ...archive, evaluatedBy, ...ASKED });
  });

  test('that serves safe and that nobody evaluates goes without a question', () => {
    const world = startedWorld();
    accepted(world, definitionOf('user'));
    start(world, 'user');
    world.accept({ type: 'rollbackRollout', flag: 'user', environment, cause: SOME_CAUSE });
    world.accept(archive);
  });
});

test('an override is for a variant that there is', () => {
  const world = startedWorld();
  accepted(world, definitionOf('user'));
  const set = { type: 'setOverrides', flag: 'user', environment, count: 1 } as const;
  const page = { page: 'p', mac: 'm' };
  expect(world.send({ ...set, page, variants: ['on', 'toString'] })).toMatchObject({
    error: { code: 'flag_variant_unknown', accepted: 'on, off' },
  });
  world.accept({ ...set, page, variants: ['on'] });
});
