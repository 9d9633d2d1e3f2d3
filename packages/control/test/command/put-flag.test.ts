import type { FlagDefinition, FlagEnvironmentDefinition } from '@downhaul/control';
import { describe, expect, test } from 'vitest';
import {
  JUSTIFICATION,
  quickPlan,
  SERVICE,
  SOME_CAUSE,
  SOME_FIGURES,
  someFlag,
  startedWorld,
  type World,
} from '../support/world.ts';

const SITE = { flag: 'new-checkout', environment: 'production' } as const;

function put(world: World, change: Partial<FlagDefinition> = {}, atOnce = false) {
  const asked = atOnce ? { atOnce, justification: JUSTIFICATION } : {};
  return world.send({ type: 'putFlag', definition: someFlag(change), ...asked });
}

function codeOf(decision: ReturnType<World['send']>): string {
  return decision.ok ? 'accepted' : decision.error.code;
}

function production(change: Partial<FlagEnvironmentDefinition>): Partial<FlagDefinition> {
  const rollout = { plan: 'canary', to: 'on', attempt: 1 };
  return { environments: { production: { serve: 'off', rules: [], rollout, ...change } } };
}

const everyone = { name: 'all', if: { all: [] }, serve: 'on' };
const staff = {
  name: 'staff',
  if: { attribute: 'email', endsWith: '@acme.test' },
  serve: 'on',
} as const;

/** A world with the flag and a rollout of it, advanced so often. */
function rollingWorld(advances: number, change: Partial<FlagDefinition> = {}): World {
  const world = startedWorld();
  world.accept({ type: 'putFlag', definition: someFlag(change) });
  world.accept({ type: 'startRollout', ...SITE });
  for (let each = 0; each < advances; each++) {
    world.accept({ type: 'advanceRollout', ...SITE, figures: SOME_FIGURES });
  }
  return world;
}

describe('a document that is put', () => {
  test('twice changes nothing the second time, whatever the order of its properties', () => {
    const world = startedWorld();
    world.accept({ type: 'putFlag', definition: someFlag() });
    const reordered = Object.fromEntries(Object.entries(someFlag()).reverse()) as never;
    const again = world.accept({ type: 'putFlag', definition: reordered });
    expect(again.events).toEqual([]);
    expect(again.answer).toMatchObject({ changed: false, version: world.log.length });
  });

  test('changes the snapshot only of environments whose evaluation changes', () => {
    const world = startedWorld();
    const both = {
      environments: { ...production({}).environments, staging: { serve: 'off', rules: [] } },
    };
    expect(put(world, both)).toMatchObject({ answer: { environments: ['production', 'staging'] } });
    expect(put(world, { ...both, owner: 'others' })).toMatchObject({
      answer: { environments: [] },
    });
    const ruled = {
      environments: { ...both.environments, staging: { serve: 'off', rules: [staff] } },
    };
    expect(put(world, { ...ruled, owner: 'others' })).toMatchObject({
      answer: { environments: ['staging'] },
    });
  });

  test('declares a rollout and starts none', () => {
    const world = startedWorld();
    expect(put(world)).toMatchObject({ answer: { started: [] } });
    expect(
      put(world, production({ rollout: { plan: 'canary', to: 'on', attempt: 5 } })),
    ).toMatchObject({
      answer: { started: [] },
    });
    expect(world.rollout('new-checkout')).toBeUndefined();
  });

  test('starts the next attempt where it raises the attempt of a rollout that there was', () => {
    const world = rollingWorld(1);
    world.accept({ type: 'rollbackRollout', ...SITE, cause: SOME_CAUSE });
    const second = production({ rollout: { plan: 'canary', to: 'on', attempt: 2 } });
    expect(put(world, second)).toMatchObject({
      answer: { started: ['default/production/new-checkout#2'] },
    });
    expect(world.rollout('new-checkout')).toMatchObject({ attempt: 2, status: 'measuring' });
    world.accept({ type: 'rollbackRollout', ...SITE, cause: SOME_CAUSE });
    // The same attempt in a document that changes elsewhere is no raise.
    expect(put(world, { ...second, owner: 'others' })).toMatchObject({ answer: { started: [] } });
    expect(world.rollout('new-checkout')?.status).toBe('rolledBack');
  });

  test('is refused as a whole where the attempt that it raises cannot start', () => {
    const world = rollingWorld(1);
    const second = production({ rollout: { plan: 'canary', to: 'on', attempt: 2 } });
    expect(codeOf(put(world, { ...second, owner: 'others' }))).toBe('rollout_already_running');
    expect(world.state.projects.get('default')?.flags.get('new-checkout')?.definition.owner).toBe(
      'team-checkout',
    );
  });
});

describe('raising everyone at once', () => {
  test.each<[string, Partial<FlagDefinition>, string]>([
    ['a served variant above safe', production({ serve: 'on' }), 'flag_raise_at_once'],
    ['a rule for everyone', production({ rules: [everyone] }), 'flag_raise_at_once'],
    [
      'a split of everyone without safe',
      production({
        rules: [
          {
            name: 'all',
            if: { all: [] },
            split: {
              weights: [
                ['on', 1],
                ['off', 0],
              ],
            },
          },
        ],
      }),
      'flag_raise_at_once',
    ],
    ['a rule for some', production({ rules: [staff] }), 'accepted'],
    [
      'an operational kind that serves another variant than safe',
      { ...production({ serve: 'on' }), kind: 'operational' },
      'flag_raise_at_once',
    ],
    [
      'a permission kind that serves another variant than safe',
      { ...production({ serve: 'on' }), kind: 'permission' },
      'flag_raise_at_once',
    ],
    ['its safe variant', {}, 'accepted'],
  ])('a new flag with %s', (_name, change, expected) => {
    const definition =
      change.environments?.['production']?.serve === 'on'
        ? { ...change, environments: { production: { serve: 'on', rules: [] } } }
        : change;
    expect(codeOf(put(startedWorld(), definition))).toBe(expected);
    expect(codeOf(put(startedWorld(), definition, true))).toBe('accepted');
  });

  test.each<[string, Partial<FlagDefinition>]>([
    ['serving another variant', production({ serve: 'on' })],
    ['giving the served variant another value', { variants: { on: false, off: true } }],
    [
      'adding a variant of that value and serving it',
      { ...production({ serve: 'new' }), variants: { on: true, off: false, new: true } },
    ],
    [
      'calling another variant safe and serving it',
      {
        ...production({ serve: 'on', rollout: { plan: 'canary', to: 'off', attempt: 1 } }),
        safe: 'on',
      },
    ],
    ['changing the kind at the same time', { ...production({ serve: 'on' }), kind: 'operational' }],
    ['a rule for everyone', production({ rules: [staff, everyone] })],
  ])('an existing release flag by %s needs `atOnce`', (_name, change) => {
    const world = startedWorld();
    put(world);
    expect(codeOf(put(world, change))).toBe('flag_raise_at_once');
    expect(codeOf(put(world, change, true))).toBe('accepted');
  });

  test('needs a justification beside the option', () => {
    const world = startedWorld();
    put(world);
    const definition = someFlag(production({ serve: 'on' }));
    expect(world.refusal({ type: 'putFlag', definition, atOnce: true })).toBe('flag_raise_at_once');
  });

  test('is no raise where the rule was there before', () => {
    const world = startedWorld();
    put(world, production({ rules: [everyone] }), true);
    expect(codeOf(put(world, { ...production({ rules: [everyone] }), owner: 'others' }))).toBe(
      'accepted',
    );
  });

  test('is no raise after a completed rollout to everyone: `serve` only follows', () => {
    const world = rollingWorld(4);
    expect(codeOf(put(world, production({ serve: 'on' })))).toBe('accepted');
  });

  test('is a raise after a completed rollout that reached only some', () => {
    const world = startedWorld();
    put(world);
    const half = [{ allocations: [{ sharePerMillion: 500_000 }], bakeMs: 0, minimumSample: 0 }];
    world.accept({ type: 'startRollout', ...SITE, plan: quickPlan({ stages: half }) });
    world.accept({ type: 'completeRollout', ...SITE });
    expect(codeOf(put(world, production({ serve: 'on' })))).toBe('flag_raise_at_once');
  });
});

describe('what may not change', () => {
  test.each<[string, Partial<FlagDefinition>, string]>([
    ['its type', { type: 'string', variants: { on: 'a', off: 'b' } }, 'flag_type_fixed'],
    ['what is served while it rolls out', production({ serve: 'on' }), 'flag_serve_in_rollout'],
    ['the environment it rolls out in', { environments: {} }, 'flag_environment_in_use'],
    ['the value of its control', { variants: { on: true, off: true } }, 'flag_variant_in_use'],
    [
      'the variant it rolls out',
      {
        ...production({ rollout: { plan: 'canary', to: 'other', attempt: 1 } }),
        variants: { other: true, off: false },
      },
      'flag_variant_in_use',
    ],
  ])('of a flag in rollout: %s', (_name, change, expected) => {
    expect(codeOf(put(rollingWorld(1), change, true))).toBe(expected);
  });

  test('its rules may, while it rolls out', () => {
    expect(codeOf(put(rollingWorld(1), production({ rules: [staff] })))).toBe('accepted');
  });

  test('the safe value of a flag that is down', () => {
    const world = startedWorld();
    put(world, { variants: { on: true, off: false, off2: false }, ...production({}) });
    world.accept({ type: 'downFlag', ...SITE });
    const renamed = { variants: { on: true, off: false, off2: false }, safe: 'off2' };
    expect(codeOf(put(world, { ...renamed, ...production({}) }))).toBe('accepted');
    const raised = { variants: { on: true, off: false, off2: true }, safe: 'off2' };
    expect(codeOf(put(world, { ...raised, ...production({}) }, true))).toBe('flag_down');
    expect(codeOf(put(world, { ...renamed, environments: {} }))).toBe('flag_environment_in_use');
  });

  test('a variant that another flag requires', () => {
    const world = startedWorld();
    put(world);
    const requires = {
      flags: [{ flag: 'new-checkout', variant: 'on' }],
      services: [],
      migrations: [],
    };
    put(world, { key: 'dependant', requires, environments: {} });
    const gone = { variants: { other: true, off: false }, environments: {} };
    expect(codeOf(put(world, gone))).toBe('flag_variant_required');
    expect(codeOf(put(world, { safe: 'on', environments: {} }))).toBe('flag_variant_required');
  });

  test('an archived flag', () => {
    const world = startedWorld();
    put(world);
    world.accept({ type: 'archiveFlag', flag: 'new-checkout' });
    expect(codeOf(put(world))).toBe('flag_archived');
    expect(world.accept({ type: 'archiveFlag', flag: 'new-checkout' }).answer.changed).toBe(false);
  });
});

describe('what a document names', () => {
  const requires = (flag: string, variant: string) => ({
    requires: { flags: [{ flag, variant }], services: [], migrations: [] },
  });

  test.each<[string, Partial<FlagDefinition>, string]>([
    [
      'an environment',
      { environments: { nowhere: { serve: 'off', rules: [] } } },
      'environment_unknown',
    ],
    ['a plan', production({ rollout: { plan: 'nothing', to: 'on', attempt: 1 } }), 'plan_unknown'],
    [
      'a segment',
      production({ rules: [{ ...staff, if: { not: { segment: 'nobody' } } }] }),
      'segment_unknown',
    ],
    ['a required flag', requires('nothing', 'on'), 'flag_required_unknown'],
    ['a conflicting flag', { conflicts: ['nothing'] }, 'flag_conflict_unknown'],
    ['a key', { key: 'Not a key' }, 'key_invalid'],
  ])('must exist: %s', (_name, change, expected) => {
    expect(codeOf(put(startedWorld(), change))).toBe(expected);
  });

  test('as required must be a variant of the other flag, and not its safe one', () => {
    const world = startedWorld();
    put(world, { key: 'base' });
    expect(codeOf(put(world, requires('base', 'off')))).toBe('flag_required_variant_safe');
    expect(codeOf(put(world, requires('base', 'blue')))).toBe('flag_variant_unknown');
    expect(codeOf(put(world, requires('base', 'on')))).toBe('accepted');
  });

  test('must not lead back to the flag itself', () => {
    const world = startedWorld();
    put(world, { key: 'a' });
    put(world, { key: 'b', ...requires('a', 'on') });
    put(world, { key: 'c', ...requires('b', 'on') });
    const decision = put(world, { key: 'a', ...requires('c', 'on') });
    expect(decision).toMatchObject({ ok: false, error: { code: 'flag_requires_cycle' } });
    expect(decision.ok ? '' : decision.error.message).toContain('a, c, b, a');
  });

  test('is reported altogether', () => {
    const decision = put(startedWorld(), { ...requires('nothing', 'on'), conflicts: ['nothing'] });
    expect(decision).toMatchObject({
      error: {
        code: 'flag_required_unknown',
        path: '/requires/flags/0',
        details: {
          problems: [
            { code: 'flag_required_unknown' },
            { code: 'flag_conflict_unknown', path: '/conflicts/0' },
          ],
        },
      },
    });
  });
});

test('a service account may not raise the attempt beyond the third', () => {
  const world = rollingWorld(1);
  for (const attempt of [2, 3]) {
    world.accept({ type: 'rollbackRollout', ...SITE, cause: SOME_CAUSE });
    put(world, production({ rollout: { plan: 'canary', to: 'on', attempt } }));
  }
  world.accept({ type: 'rollbackRollout', ...SITE, cause: SOME_CAUSE });
  const fourth = someFlag(production({ rollout: { plan: 'canary', to: 'on', attempt: 4 } }));
  expect(world.refusal({ type: 'putFlag', definition: fourth, actor: SERVICE })).toBe(
    'rollout_needs_person',
  );
  expect(world.refusal({ type: 'startRollout', ...SITE, actor: SERVICE })).toBe(
    'rollout_needs_person',
  );
  world.accept({ type: 'putFlag', definition: fourth });
  expect(world.rollout('new-checkout')?.attempt).toBe(4);
  expect(
    world.here('new-checkout')?.earlier.map(({ attempt, status }) => [attempt, status]),
  ).toEqual([
    [1, 'rolledBack'],
    [2, 'rolledBack'],
    [3, 'rolledBack'],
  ]);
});
