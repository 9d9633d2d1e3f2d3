import { describe, expect, test } from 'vitest';
import { SOME_CAUSE, SOME_FIGURES, someFlag, startedWorld, type World } from '../support/world.ts';

const SITE = { flag: 'new-checkout', environment: 'production' } as const;
const ROLLOUT = 'default/production/new-checkout#1';

/** A rollout in its first stage, and the basis of evidence that knows it as it is. */
function running() {
  const world = startedWorld();
  world.accept({ type: 'putFlag', definition: someFlag() });
  world.accept({ type: 'startRollout', ...SITE });
  world.accept({ type: 'advanceRollout', ...SITE, figures: SOME_FIGURES });
  return { world, basis: basisOf(world) };
}

function basisOf(world: World) {
  const { stage = 0 } = world.rollout('new-checkout') ?? {};
  return { rollout: ROLLOUT, stage, throughPosition: world.log.length };
}

describe('a command with the evidence of something else', () => {
  test('does not raise: of another attempt, another stage, or before the last change', () => {
    const { world, basis } = running();
    const advance = { type: 'advanceRollout', ...SITE, figures: SOME_FIGURES } as const;
    const others = [
      { ...basis, rollout: 'default/production/new-checkout#2' },
      { ...basis, stage: basis.stage - 1 },
      { ...basis, throughPosition: basis.throughPosition - 1 },
    ];
    for (const other of others) {
      expect(world.refusal({ ...advance, basis: other })).toBe('evidence_outdated');
      expect(world.refusal({ type: 'completeRollout', ...SITE, basis: other })).toBe(
        'evidence_outdated',
      );
    }
    expect(world.accept({ ...advance, basis }).answer).toMatchObject({ stage: basis.stage + 1 });
    // The same evidence does not carry it up twice.
    expect(world.refusal({ ...advance, basis })).toBe('evidence_outdated');
  });

  test('does not release a hold that it does not know', () => {
    const { world, basis } = running();
    world.accept({ type: 'holdRollout', ...SITE, cause: SOME_CAUSE });
    const release = { type: 'releaseRollout', ...SITE } as const;
    expect(world.refusal({ ...release, basis })).toBe('evidence_outdated');
    expect(world.accept({ ...release, basis: basisOf(world) }).answer.changed).toBe(true);
  });

  test('keeps nobody from the way down (invariant 4)', () => {
    const { world, basis } = running();
    world.accept({ type: 'advanceRollout', ...SITE, figures: SOME_FIGURES, basis });
    const down = { type: 'rollbackRollout', ...SITE, cause: SOME_CAUSE, basis } as const;
    expect(world.accept(down).answer.changed).toBe(true);
  });
});
