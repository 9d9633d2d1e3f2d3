import { createControlState, deserializeState, evolve, serializeState } from '@downhaul/control';
import { expect, test } from 'vitest';
import { SOME_CAUSE, SOME_FIGURES, someFlag, startedWorld } from '../support/world.ts';

const SITE = { flag: 'new-checkout', environment: 'production' } as const;

/** A state with something of everything in it. */
function fullWorld() {
  const world = startedWorld();
  world.accept({
    type: 'putSegment',
    key: 'staff',
    owner: 'team',
    if: { attribute: 'a', equals: 1 },
  });
  world.accept({ type: 'putFlag', definition: someFlag({ key: 'base' }) });
  world.accept({ type: 'putFlag', definition: someFlag({ conflicts: ['base'] }) });
  world.accept({ type: 'setOverrides', ...SITE, page: { page: 'p', mac: 'm' }, count: 1 });
  world.accept({ type: 'startRollout', ...SITE });
  world.accept({ type: 'advanceRollout', ...SITE, figures: SOME_FIGURES });
  world.accept({ type: 'rollbackRollout', ...SITE, cause: SOME_CAUSE });
  world.accept({ type: 'startRollout', ...SITE });
  world.accept({ type: 'downFlag', ...SITE });
  const hash = 'a'.repeat(64);
  world.accept({
    type: 'issueToken',
    token: { id: 't', name: 'n', hash, kind: 'person', rights: ['view'] },
  });
  return world;
}

test('a state written and read again is equal, and goes on alike', () => {
  const world = fullWorld();
  const text = serializeState(world.state);
  const read = deserializeState(text);
  expect(read).toEqual(world.state);
  expect(serializeState(read)).toBe(text);
  world.accept({ type: 'upFlag', ...SITE });
  evolve(read, world.log.at(-1)!);
  expect(read).toEqual(world.state);
});

test('an empty state too', () => {
  expect(deserializeState(serializeState(createControlState()))).toEqual(createControlState());
});

test('a text of another format is not read', () => {
  const text = serializeState(createControlState()).replace(
    '"formatVersion":1',
    '"formatVersion":2',
  );
  expect(() => deserializeState(text)).toThrow(/format 2/);
});

test('a log with a gap, a repeat or an impossible event is broken', () => {
  const world = fullWorld();
  const last = world.log.at(-1)!;
  expect(() => evolve(world.state, last)).toThrow(/broken log/);
  expect(() => evolve(world.state, { ...last, position: last.position + 2 })).toThrow(/broken log/);
  const impossible = {
    ...last.body,
    type: 'flagUpped',
    flag: 'nothing',
    environment: 'production',
  } as const;
  const event = { ...last, position: last.position + 1, body: impossible };
  expect(() => evolve(world.state, event as never)).toThrow(/unknown flag nothing/);
});
