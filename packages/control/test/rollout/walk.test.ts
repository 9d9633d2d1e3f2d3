import { compile } from '@downhaul/engine';
import { buildSnapshot } from '@downhaul/control';
import { describe, expect, test } from 'vitest';
import {
  CONTROLLER,
  SOME_CAUSE,
  SOME_FIGURES,
  someFlag,
  startedWorld,
  type World,
} from '../support/world.ts';

const SITE = { flag: 'new-checkout', environment: 'production' } as const;
const PLACE = { project: 'default', environment: 'production' };

function snapshotOf(world: World) {
  const snapshot = buildSnapshot(world.state, PLACE, { pages: () => undefined });
  if (snapshot === undefined) expect.fail('there is no environment');
  return snapshot;
}

/** How many of a thousand units get `true`. */
function raisedUnits(world: World): number {
  const evaluator = compile(snapshotOf(world));
  let raised = 0;
  for (let unit = 0; unit < 1000; unit++) {
    const result = evaluator.evaluate('new-checkout', { targetingKey: `unit-${unit}` });
    if (result.value === true) raised++;
  }
  return raised;
}

describe('a rollout from start to completion and back', () => {
  test('serves what its stages say, and nobody after a rollback', () => {
    const world = startedWorld();
    world.accept({ type: 'putFlag', definition: someFlag() });
    expect(raisedUnits(world)).toBe(0);
    world.accept({ type: 'startRollout', ...SITE });
    expect(world.rollout('new-checkout')?.status).toBe('measuring');
    expect(raisedUnits(world)).toBe(0);
    const advance = {
      type: 'advanceRollout',
      ...SITE,
      actor: CONTROLLER,
      figures: SOME_FIGURES,
    } as const;
    world.accept(advance);
    world.accept(advance);
    expect(raisedUnits(world)).toBeGreaterThan(200);
    world.accept(advance);
    expect(raisedUnits(world)).toBe(1000);
    world.accept(advance);
    expect(world.rollout('new-checkout')?.status).toBe('completed');
    expect(raisedUnits(world)).toBe(1000);
    world.accept({ type: 'rollbackRollout', ...SITE, cause: SOME_CAUSE });
    expect(raisedUnits(world)).toBe(0);
    expect(world.rollout('new-checkout')?.status).toBe('rolledBack');
  });
});
