import type { FlagEnvironmentDefinition } from '@downhaul/control';
import { describe, expect, test } from 'vitest';
import {
  JUSTIFICATION,
  SOME_CAUSE,
  SOME_FIGURES,
  someFlag,
  startedWorld,
  type World,
} from '../support/world.ts';

const environment = 'production';
const at = (flag: string) => ({ flag, environment });
const start = (flag: string) => ({ type: 'startRollout', ...at(flag) }) as const;
const advance = (flag: string) =>
  ({ type: 'advanceRollout', ...at(flag), figures: SOME_FIGURES }) as const;

const rollout = { plan: 'canary', to: 'on', attempt: 1 };

function put(
  world: World,
  key: string,
  production: Partial<FlagEnvironmentDefinition>,
  links: { requires?: string; conflicts?: string } = {},
) {
  const flags = links.requires === undefined ? [] : [{ flag: links.requires, variant: 'on' }];
  world.accept({
    type: 'putFlag',
    atOnce: true,
    justification: JUSTIFICATION,
    definition: someFlag({
      key,
      requires: { flags, services: [], migrations: [] },
      conflicts: links.conflicts === undefined ? [] : [links.conflicts],
      environments: { production: { serve: 'off', rules: [], rollout, ...production } },
    }),
  });
}

describe('what a flag requires', () => {
  function world(base: Partial<FlagEnvironmentDefinition> = {}): World {
    const made = startedWorld();
    put(made, 'base', base);
    put(made, 'user', {}, { requires: 'base' });
    return made;
  }

  test('is served by a rollout past its baseline', () => {
    const made = world();
    expect(made.refusal(start('user'))).toBe('flag_requirement_unmet');
    made.accept(start('base'));
    expect(made.refusal(start('user'))).toBe('flag_requirement_unmet');
    made.accept(advance('base'));
    made.accept(start('user'));
  });

  test.each<[string, Partial<FlagEnvironmentDefinition>]>([
    ['`serve`', { serve: 'on' }],
    ['a rule', { rules: [{ name: 'r', if: { attribute: 'a', equals: 1 }, serve: 'on' }] }],
    [
      'a split',
      {
        rules: [{ name: 'r', if: { attribute: 'a', equals: 1 }, split: { weights: [['on', 1]] } }],
      },
    ],
  ])('is served by %s', (_name, base) => {
    world(base).accept(start('user'));
  });

  test('is asked for again at every step up', () => {
    const made = world({ serve: 'on' });
    made.accept(start('user'));
    put(made, 'base', { serve: 'off' });
    expect(made.refusal(advance('user'))).toBe('flag_requirement_unmet');
    made.accept({ type: 'holdRollout', ...at('user'), cause: SOME_CAUSE });
    made.accept({ type: 'rollbackRollout', ...at('user'), cause: SOME_CAUSE });
  });

  test('is not served by a flag that is down, nor by one that was rolled back under `serve`', () => {
    const made = world({ serve: 'on' });
    made.accept({ type: 'downFlag', ...at('base') });
    expect(made.refusal(start('user'))).toBe('flag_requirement_unmet');
    const rolled = world();
    rolled.accept(start('base'));
    for (let each = 0; each < 4; each++) rolled.accept(advance('base'));
    put(rolled, 'base', { serve: 'on' });
    rolled.accept({ type: 'rollbackRollout', ...at('base'), cause: SOME_CAUSE });
    expect(rolled.refusal(start('user'))).toBe('flag_requirement_unmet');
  });

  test('is asked of a document that raises everyone', () => {
    const made = world();
    const raised = someFlag({
      key: 'user',
      requires: { flags: [{ flag: 'base', variant: 'on' }], services: [], migrations: [] },
      environments: { production: { serve: 'on', rules: [] } },
    });
    const command = {
      type: 'putFlag',
      definition: raised,
      atOnce: true,
      justification: JUSTIFICATION,
    } as const;
    expect(made.refusal(command)).toBe('flag_requirement_unmet');
  });
});

describe('conflicting flags', () => {
  function world(): World {
    const made = startedWorld();
    put(made, 'one', {});
    put(made, 'two', {}, { conflicts: 'one' });
    return made;
  }

  test.each([
    ['one', 'two'],
    ['two', 'one'],
  ])('keep each other from starting, whichever names the other: %s first', (first, second) => {
    const made = world();
    made.accept(start(first));
    expect(made.refusal(start(second))).toBe('flag_conflict');
    made.accept({ type: 'rollbackRollout', ...at(first), cause: SOME_CAUSE });
    made.accept(start(second));
    expect(made.refusal(start(first))).toBe('flag_conflict');
  });

  test('keep each other from coming up', () => {
    const made = world();
    made.accept(start('one'));
    made.accept({ type: 'downFlag', ...at('one') });
    made.accept(start('two'));
    expect(made.refusal({ type: 'upFlag', ...at('one') })).toBe('flag_conflict');
  });

  test('keep each other from being served to everyone', () => {
    const made = world();
    made.accept(start('one'));
    const raised = someFlag({
      key: 'two',
      conflicts: ['one'],
      environments: { production: { serve: 'on', rules: [] } },
    });
    const command = {
      type: 'putFlag',
      definition: raised,
      atOnce: true,
      justification: JUSTIFICATION,
    } as const;
    expect(made.refusal(command)).toBe('flag_conflict');
  });

  test('are forgotten with the document that named them', () => {
    const made = world();
    made.accept(start('one'));
    put(made, 'two', {});
    made.accept(start('two'));
  });
});
