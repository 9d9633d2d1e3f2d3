import type { FlagDefinition } from '@downhaul/control';
import { describe, expect, test } from 'vitest';
import { freezeMetrics } from '../../src/metric/freeze-metrics.ts';
import { BUILT_IN } from '../../src/metric/known-metrics.ts';
import {
  JUSTIFICATION,
  quickPlan,
  SOME_CAUSE,
  SOME_FIGURES,
  someFlag,
  somePlan,
  startedWorld,
  type World,
} from '../support/world.ts';

const SITE = { flag: 'new-checkout', environment: 'production' } as const;
const START = { type: 'startRollout', ...SITE } as const;
const ADVANCE = { type: 'advanceRollout', ...SITE, figures: SOME_FIGURES } as const;

function worldWith(change: Partial<FlagDefinition> = {}): World {
  const world = startedWorld();
  const asked = { atOnce: true, justification: JUSTIFICATION };
  world.accept({ type: 'putFlag', definition: someFlag(change), ...asked });
  return world;
}

const AT_ONCE = quickPlan({
  stages: [{ allocations: [{ sharePerMillion: 1_000_000 }], bakeMs: 0, minimumSample: 0 }],
});

describe('a start', () => {
  test('takes plan and target from the declaration, and records what they were', () => {
    const world = worldWith();
    const { answer } = world.accept(START);
    expect(answer).toMatchObject({
      rollout: 'default/production/new-checkout#1',
      status: 'measuring',
    });
    world.accept({ type: 'putPlan', plan: somePlan({ harmBudget: 1 }) });
    expect(world.rollout('new-checkout')?.plan).toEqual(freezeMetrics(somePlan(), BUILT_IN));
  });

  test('takes the plan that it names', () => {
    const world = worldWith();
    world.accept({ type: 'putPlan', plan: quickPlan() });
    world.accept({ ...START, plan: 'quick' });
    expect(world.rollout('new-checkout')).toMatchObject({
      status: 'running',
      plan: { key: 'quick' },
    });
  });

  test.each<[string, object, Partial<FlagDefinition>, string]>([
    ['an unknown plan', { plan: 'nothing' }, {}, 'plan_unknown'],
    ['a plan that contradicts itself', { plan: somePlan({ stages: [] }) }, {}, 'plan_stages_empty'],
    ['an unknown target', { to: 'blue' }, {}, 'flag_variant_unknown'],
    ['the safe variant', { to: 'off' }, {}, 'rollout_target_is_safe'],
    ['an unknown flag', { flag: 'nothing' }, {}, 'flag_unknown'],
    ['an unknown environment', { environment: 'nowhere' }, {}, 'environment_unknown'],
    ['an environment without the flag', { environment: 'staging' }, {}, 'flag_environment_unknown'],
    ['an unknown project', { project: 'nothing' }, {}, 'project_unknown'],
    [
      'nothing declared',
      {},
      { environments: { production: { serve: 'off', rules: [] } } },
      'rollout_not_declared',
    ],
    [
      'an unknown segment in its audience',
      {
        plan: quickPlan({
          stages: [
            {
              allocations: [{ audience: { segment: 'x' }, sharePerMillion: 1 }],
              bakeMs: 0,
              minimumSample: 0,
            },
          ],
        }),
      },
      {},
      'segment_unknown',
    ],
    ['100 % in the first stage', { plan: AT_ONCE }, {}, 'rollout_at_once_needs_option'],
    [
      '100 % and the option without a reason',
      { plan: AT_ONCE, atOnce: true },
      {},
      'rollout_at_once_needs_option',
    ],
    [
      '100 %, the option and a reason',
      { plan: AT_ONCE, atOnce: true, justification: JUSTIFICATION },
      {},
      'accepted',
    ],
  ])('is refused with %s', (_name, change, definition, expected) => {
    const world = worldWith(definition);
    const decision = world.send({ ...START, ...change });
    expect(decision.ok ? 'accepted' : decision.error.code).toBe(expected);
  });

  test('is refused towards what is served already', () => {
    const world = worldWith({
      kind: 'operational',
      environments: { production: { serve: 'on', rules: [] } },
    });
    expect(world.refusal({ ...START, plan: somePlan(), to: 'on' })).toBe(
      'rollout_target_is_control',
    );
  });

  test('is refused where the day its watch ends on has passed', () => {
    const world = worldWith();
    const watched = (untilMs: number) => ({
      ...START,
      plan: somePlan({ watch: { untilMs, falseAlarmEveryMs: 90 * 86_400_000 } }),
    });
    expect(world.refusal(watched(world.nowMs))).toBe('plan_watch_over');
    world.accept(watched(world.nowMs + 86_400_000));
  });

  test('is refused while the flag is down', () => {
    const world = worldWith();
    world.accept({ type: 'downFlag', ...SITE });
    expect(world.refusal(START)).toBe('flag_down');
  });
});

describe('another attempt', () => {
  test('keeps the salt, so that the same units come first; a reshuffle gives another', () => {
    const world = worldWith();
    world.accept(START);
    expect(world.rollout('new-checkout')?.salt).toBe('new-checkout');
    world.accept({ type: 'rollbackRollout', ...SITE, cause: SOME_CAUSE });
    world.accept({ ...START, reshuffle: { salt: 'other' } });
    expect(world.rollout('new-checkout')?.salt).toBe('other');
    world.accept({ type: 'rollbackRollout', ...SITE, cause: SOME_CAUSE });
    world.accept(START);
    expect(world.rollout('new-checkout')).toMatchObject({ salt: 'other', attempt: 3 });
  });

  test('is refused where the last one gave everyone what `serve` does not', () => {
    const world = worldWith({ variants: { on: true, off: false, other: true } });
    world.accept(START);
    for (let each = 0; each < 4; each++) world.accept(ADVANCE);
    expect(world.refusal({ ...START, to: 'other' })).toBe('rollout_completed_serves');
    const served = someFlag({
      variants: { on: true, off: false, other: true },
      environments: { production: { serve: 'on', rules: [] } },
    });
    world.accept({ type: 'putFlag', definition: served });
    world.accept({ type: 'rollbackRollout', ...SITE, cause: SOME_CAUSE });
    expect(world.refusal({ ...START, plan: somePlan(), to: 'other' })).toBe(
      'rollout_rolled_back_serves',
    );
  });
});

describe('the holdback', () => {
  test('stays out of every stage until the watch ends', () => {
    const world = worldWith();
    world.accept({ ...START, plan: somePlan({ holdbackPerMillion: 50_000 }) });
    const shares: (number | undefined)[] = [];
    for (let each = 0; each < 4; each++) {
      world.accept(ADVANCE);
      shares.push(world.rollout('new-checkout')?.allocations[0]?.sharePerMillion);
    }
    expect(shares).toEqual([10_000, 250_000, 950_000, 950_000]);
    world.accept({ type: 'endWatch', ...SITE });
    expect(world.rollout('new-checkout')?.allocations[0]?.sharePerMillion).toBe(1_000_000);
  });
});
