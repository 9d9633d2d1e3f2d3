import { buildSnapshot, type Plan, readPlanDocument, writePlanDocument } from '@downhaul/control';
import { describe, expect, test } from 'vitest';
import { loosening } from '../../src/plan/loosening.ts';
import { someFlag, somePlan, startedWorld } from '../support/world.ts';

const DOCUMENT = { plan: 'p', unit: 'user', stages: [{ share: '100%', bake: '30m' }] };
const PLACE = { project: 'default', environment: 'production' } as const;

function problems(slices: unknown) {
  const result = readPlanDocument({ ...DOCUMENT, slices });
  return result.ok ? [] : result.problems.map(({ code, path }) => `${code} ${path}`);
}

function sliced(slices: Plan['slices']) {
  const made = startedWorld();
  made.accept({ type: 'putFlag', definition: someFlag() });
  const plan = slices === undefined ? somePlan() : somePlan({ slices });
  made.accept({ type: 'startRollout', flag: 'new-checkout', environment: 'production', plan });
  const snapshot = buildSnapshot(made.state, PLACE, { pages: () => undefined });
  return snapshot?.flags['new-checkout'];
}

describe('the slices of a plan', () => {
  test.each([
    [[''], ['document_value /slices/0']],
    [[{ minimumSample: 5 }], ['document_property_missing /slices/0']],
    [[{ attribute: 'a', minimumSample: -1 }], ['document_value /slices/0/minimumSample']],
    [[7], ['document_type /slices/0']],
    [[null], ['document_type /slices/0']],
    [['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'], ['document_too_large /slices']],
    [['a', { attribute: 'a' }], ['plan_slice_twice /slices/1']],
    [
      ['user', 'targetingKey'],
      ['plan_slice_unit /slices/0', 'plan_slice_unit /slices/1'],
    ],
  ])('%j are refused with %j', (slices, expected) => {
    expect(problems(slices)).toEqual(expected);
  });

  test('name attributes that SDKs are asked for, and the reporting service, which they are not', () => {
    const flag = sliced([
      { attribute: 'service', minimumSample: 100 },
      { attribute: 'platform', minimumSample: 20 },
    ]);
    expect(flag?.rollout?.slices).toEqual(['platform']);
    expect(flag?.capabilities).toEqual(sliced(undefined)?.capabilities);
  });

  test('of an earlier release stay what they were: kept, and nobody is asked for them', () => {
    expect(sliced(['platform'])?.rollout).not.toHaveProperty('slices');
    expect(writePlanDocument(somePlan({ slices: ['platform'] }))).toMatchObject({
      slices: ['platform'],
    });
  });

  test('may not change while a rollout goes on', () => {
    const platform = { attribute: 'platform', minimumSample: 100 };
    const before = somePlan({ slices: [platform] });
    expect(loosening(before, somePlan())?.path).toBe('/slices');
    expect(loosening(before, somePlan({ slices: [{ ...platform, minimumSample: 5 }] }))).toEqual({
      what: '`slices`',
      path: '/slices',
    });
    expect(loosening(before, before)).toBeUndefined();
    expect(loosening(somePlan({ slices: ['platform'] }), before)).toBeUndefined();
  });
});
