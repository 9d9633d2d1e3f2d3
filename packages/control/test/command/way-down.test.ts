import type { FlagDefinition } from '@downhaul/control';
import { describe, expect, test } from 'vitest';
import {
  CONTROLLER,
  SERVICE,
  SOME_CAUSE,
  SOME_FIGURES,
  someFlag,
  startedWorld,
  type World,
} from '../support/world.ts';

const environment = 'production';
const at = (flag: string) => ({ flag, environment });
const STALE = { 'flag:base': -1, 'environment:production': -1, 'flag:base/production': 0 };

/** `base`, which `middle` requires, which `top` requires; `other` requires nothing. */
function chainWorld(): World {
  const world = startedWorld();
  put(world, 'base');
  put(world, 'middle', 'base');
  put(world, 'top', 'middle');
  put(world, 'other');
  for (const flag of ['base', 'middle', 'top', 'other']) {
    world.accept({ type: 'startRollout', ...at(flag) });
    world.accept({ type: 'advanceRollout', ...at(flag), figures: SOME_FIGURES });
  }
  return world;
}

function put(world: World, key: string, required?: string, change: Partial<FlagDefinition> = {}) {
  const flags = required === undefined ? [] : [{ flag: required, variant: 'on' }];
  const requires = { flags, services: [], migrations: [] };
  world.accept({ type: 'putFlag', definition: someFlag({ key, requires, ...change }) });
}

describe('a rollback', () => {
  test('takes along, in one version, everything that requires what it takes away', () => {
    const world = chainWorld();
    const { events, answer } = world.accept({
      type: 'rollbackRollout',
      ...at('base'),
      cause: SOME_CAUSE,
    });
    expect(events.map((event) => 'flag' in event && event.flag)).toEqual(['base', 'middle', 'top']);
    expect(answer).toMatchObject({
      changed: true,
      dependants: ['middle', 'top'],
      version: world.log.length,
    });
    expect(['base', 'middle', 'top', 'other'].map((flag) => world.rollout(flag)?.status)).toEqual([
      'rolledBack',
      'rolledBack',
      'rolledBack',
      'running',
    ]);
    expect(world.rollout('top')?.cause?.code).toBe('required_flag_withdrawn');
  });

  test('leaves alone who requires another variant', () => {
    const world = startedWorld();
    const variants = { on: true, off: false, third: true };
    put(world, 'base', undefined, { variants });
    const requires = { flags: [{ flag: 'base', variant: 'third' }], services: [], migrations: [] };
    const rules = [{ name: 'some', if: { attribute: 'a', equals: 1 }, serve: 'third' }] as const;
    const served = {
      production: { serve: 'off', rules, rollout: { plan: 'canary', to: 'on', attempt: 1 } },
    };
    put(world, 'base', undefined, { variants, environments: served });
    put(world, 'user', undefined, { requires });
    world.accept({ type: 'startRollout', ...at('base') });
    world.accept({ type: 'startRollout', ...at('user') });
    world.accept({ type: 'rollbackRollout', ...at('base'), cause: SOME_CAUSE });
    expect(world.rollout('user')?.status).toBe('measuring');
    world.accept({ type: 'downFlag', ...at('base') });
    expect(world.rollout('user')?.status).toBe('rolledBack');
  });

  test('opens a proof with the deadlines of its plan, named in the answer', () => {
    const world = chainWorld();
    const { answer } = world.accept({ type: 'rollbackRollout', ...at('other'), cause: SOME_CAUSE });
    expect(answer['proof']).toBe(`production/other@${world.log.length}`);
    expect(world.state.proofs.get(answer['proof'] as string)).toEqual({
      id: answer['proof'],
      project: 'default',
      environment,
      flag: 'other',
      rollout: 'default/production/other#1',
      version: world.log.length,
      openedAtMs: world.nowMs,
      kind: 'rollback',
      deadlinesMs: { reached: 30_000, silent: 90_000, recovered: 900_000 },
      clocks: {},
    });
  });

  test('is accepted twice; the second time it names the same proof and changes nothing', () => {
    const world = chainWorld();
    const first = world.accept({ type: 'rollbackRollout', ...at('other'), cause: SOME_CAUSE });
    const second = world.accept({ type: 'rollbackRollout', ...at('other'), cause: SOME_CAUSE });
    expect(second.events).toEqual([]);
    expect(second.answer).toMatchObject({
      changed: false,
      proof: first.answer['proof'],
      status: 'rolledBack',
    });
    expect(Object.keys(second.answer).sort()).toEqual(Object.keys(first.answer).sort());
  });

  test('is unknown of a flag that never rolled out', () => {
    const world = startedWorld();
    put(world, 'base');
    expect(world.refusal({ type: 'rollbackRollout', ...at('base'), cause: SOME_CAUSE })).toBe(
      'rollout_unknown',
    );
  });
});

test.each(['rollbackRollout', 'downFlag', 'pauseRollout'] as const)(
  '%s asks for no version that the client expected',
  (type) => {
    const world = chainWorld();
    world.accept({ type, ...at('base'), cause: SOME_CAUSE, expectedVersions: STALE });
    expect(world.refusal({ type: 'resumeRollout', ...at('base'), expectedVersions: STALE })).toBe(
      'version_conflict',
    );
  },
);

describe('a down', () => {
  test('pauses the rollout in the same event and rolls back who requires the flag', () => {
    const world = chainWorld();
    const { events, answer } = world.accept({ type: 'downFlag', ...at('base'), actor: SERVICE });
    expect(events.map(({ type }) => type)).toEqual([
      'flagDowned',
      'rolloutRolledBack',
      'rolloutRolledBack',
    ]);
    expect(world.here('base')).toMatchObject({
      down: true,
      rollout: { status: 'paused', cause: { code: 'flag_down' } },
    });
    expect(world.state.proofs.get(answer['proof'] as string)?.kind).toBe('down');
    expect(world.accept({ type: 'downFlag', ...at('base') }).answer).toMatchObject({
      changed: false,
      proof: answer['proof'],
    });
  });

  test('keeps the cause of a pause that was there', () => {
    const world = chainWorld();
    world.accept({ type: 'pauseRollout', ...at('base'), cause: SOME_CAUSE });
    world.accept({ type: 'downFlag', ...at('base') });
    expect(world.rollout('base')?.cause).toEqual(SOME_CAUSE);
  });

  test('works for a flag without a rollout, with the usual deadlines', () => {
    const world = startedWorld();
    put(world, 'base');
    const { answer } = world.accept({ type: 'downFlag', ...at('base') });
    expect(world.state.proofs.get(answer['proof'] as string)?.deadlinesMs.recovered).toBe(900_000);
  });

  test('may be rolled back while it lasts, and then stays at nothing after the up', () => {
    const world = chainWorld();
    world.accept({ type: 'downFlag', ...at('other') });
    world.accept({ type: 'rollbackRollout', ...at('other'), cause: SOME_CAUSE });
    world.accept({ type: 'upFlag', ...at('other') });
    expect(world.here('other')).toMatchObject({ down: false, rollout: { status: 'rolledBack' } });
  });
});

describe('an up', () => {
  test('is not the controller’s, and leaves the rollout paused for a person', () => {
    const world = chainWorld();
    world.accept({ type: 'downFlag', ...at('other') });
    expect(world.refusal({ type: 'upFlag', ...at('other'), actor: CONTROLLER })).toBe(
      'flag_up_needs_person',
    );
    expect(world.refusal({ type: 'resumeRollout', ...at('other') })).toBe('flag_down');
    world.accept({ type: 'upFlag', ...at('other') });
    expect(world.here('other')?.downedAtMs).toBeUndefined();
    expect(world.refusal({ type: 'resumeRollout', ...at('other'), actor: CONTROLLER })).toBe(
      'rollout_resume_needs_person',
    );
    world.accept({ type: 'resumeRollout', ...at('other') });
    expect(world.rollout('other')).toMatchObject({ status: 'running', stage: 0 });
    expect(world.accept({ type: 'upFlag', ...at('other') }).answer.changed).toBe(false);
  });

  test('is a step up: it asks for what the flag requires', () => {
    const world = chainWorld();
    world.accept({ type: 'downFlag', ...at('middle') });
    world.accept({ type: 'rollbackRollout', ...at('base'), cause: SOME_CAUSE });
    expect(world.refusal({ type: 'upFlag', ...at('middle') })).toBe('flag_requirement_unmet');
  });
});

test('a flag may not be archived while it is down, rolls out or is required', () => {
  const world = chainWorld();
  expect(world.refusal({ type: 'archiveFlag', flag: 'base' })).toBe('flag_required_by');
  expect(world.refusal({ type: 'archiveFlag', flag: 'other' })).toBe('flag_rollout_running');
  world.accept({ type: 'rollbackRollout', ...at('other'), cause: SOME_CAUSE });
  world.accept({ type: 'downFlag', ...at('other') });
  expect(world.refusal({ type: 'archiveFlag', flag: 'other' })).toBe('flag_down');
  world.accept({ type: 'upFlag', ...at('other') });
  world.accept({ type: 'archiveFlag', flag: 'other' });
  expect(world.refusal({ type: 'startRollout', ...at('other') })).toBe('flag_archived');
});
