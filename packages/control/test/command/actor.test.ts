import { describe, expect, test } from 'vitest';
import { quickPlan, someFlag, startedWorld } from '../support/world.ts';

const SITE = { flag: 'new-checkout', environment: 'production' } as const;

describe('who did something', () => {
  test.each([
    ['is told by the name of the token', { kind: 'person', id: '0123456789ab', name: 'ada' }],
    ['is told by its id in a log of an earlier release', { kind: 'person', id: 'ada' }],
  ] as const)('%s', (_name, actor) => {
    const world = startedWorld();
    world.accept({ type: 'putFlag', definition: someFlag() });
    world.accept({ type: 'startRollout', ...SITE, plan: quickPlan(), to: 'on', actor } as never);
    expect(world.rollout('new-checkout')?.startedBy).toBe('ada');
    world.accept({ type: 'downFlag', ...SITE, actor } as never);
    expect(world.rollout('new-checkout')?.cause?.text).toBe('The flag was taken down by ada.');
    expect(world.log.at(-1)?.body.actor).toEqual(actor);
  });
});
