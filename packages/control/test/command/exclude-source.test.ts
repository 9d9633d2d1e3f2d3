import { deserializeState, serializeState } from '@downhaul/control';
import { expect, test } from 'vitest';
import { JUSTIFICATION, someFlag, startedWorld } from '../support/world.ts';

const SITE = { flag: 'new-checkout', environment: 'production' } as const;
const WHY = { justification: JUSTIFICATION };
const FRAUD = { ...SITE, service: 'fraud' } as const;

function world() {
  const started = startedWorld();
  started.accept({ type: 'putFlag', definition: someFlag() });
  return started;
}

test('a source is excluded on record, with its why and by whom', () => {
  const at = world();
  const asked = { type: 'excludeSource', ...FRAUD } as const;
  expect(at.refusal(asked)).toBe('source_why_missing');
  const { events } = at.accept({ ...asked, ...WHY });
  expect(events).toMatchObject([{ type: 'sourceExcluded', service: 'fraud', environments: [] }]);
  expect(at.accept({ ...asked, ...WHY }).events).toEqual([]);
  expect(at.here('new-checkout')?.excluded).toMatchObject([{ service: 'fraud' }]);
  at.accept({ ...asked, instance: 'f-1', ...WHY });
  expect(at.here('new-checkout')?.excluded).toHaveLength(2);
});

test('a source counts again when it is included, and only one that is out can be', () => {
  const at = world();
  const included = { type: 'includeSource', ...FRAUD } as const;
  expect(at.refusal(included)).toBe('source_not_excluded');
  at.accept({ type: 'excludeSource', ...FRAUD, ...WHY });
  expect(at.refusal({ ...included, instance: 'f-1' })).toBe('source_not_excluded');
  at.accept(included);
  expect(at.here('new-checkout')?.excluded).toEqual([]);
});

test('an exclusion outlives another document of the flag, another attempt and a restart', () => {
  const at = world();
  at.accept({ type: 'excludeSource', ...FRAUD, ...WHY });
  at.accept({ type: 'putFlag', definition: { ...someFlag(), purpose: 'another' } });
  at.accept({ type: 'startRollout', ...SITE });
  expect(at.here('new-checkout')?.excluded).toMatchObject([{ service: 'fraud' }]);
  const read = deserializeState(serializeState(at.state));
  const flag = read.projects.get('default')?.flags.get('new-checkout');
  expect(flag?.environments['production']?.excluded).toMatchObject([{ service: 'fraud' }]);
});

test('no flag has exclusions without end', () => {
  const at = world();
  for (let index = 0; index < 100; index++) {
    at.accept({ type: 'excludeSource', ...SITE, service: `s-${index}`, ...WHY });
  }
  expect(at.refusal({ type: 'excludeSource', ...FRAUD, ...WHY })).toBe('source_exclusions');
});
