import { CAPABILITIES, type Condition, requiredCapabilities } from '@downhaul/engine';
import { expect, test } from 'vitest';
import { flagOf, rolloutOf } from '../support/snapshots.ts';

const rule = (holds: Condition) => ({ rules: [{ name: 'r', if: holds, serve: 'on' }] });
const segments = {
  a: { key: 'a', if: { any: [{ segment: 'b' }, { segment: 'a' }] } },
  b: { key: 'b', if: { not: { attribute: 'app', semver: '>=2' } } },
};

test.each([
  ['nothing', {}, []],
  ['a rule', rule({ attribute: 'x', equals: 1 }), ['rules']],
  [
    'a version within',
    rule({ all: [{ not: { attribute: 'x', semver: '>1' } }] }),
    ['rules', 'semver'],
  ],
  ['a time', rule({ attribute: 'x', before: '2027-01-01' }), ['rules', 'time']],
  ['an operator that is none', rule({ attribute: 'x', constructor: 1 } as never), ['rules']],
  ['segments in segments', rule({ segment: 'a' }), ['rules', 'segments', 'semver']],
  ['a segment that is missing', rule({ segment: 'nowhere' }), ['rules', 'segments']],
  [
    'a split',
    { rules: [{ name: 'r', if: { all: [] }, split: { weights: [] } }] },
    ['rules', 'split'],
  ],
  ['a rollout', { rollout: rolloutOf('f', 5) }, ['rollout']],
  [
    'an audience',
    {
      rollout: rolloutOf('f', 5, {
        allocations: [{ audience: { segment: 'b' }, sharePerMillion: 5 }],
      }),
    },
    ['rollout', 'segments', 'semver'],
  ],
  [
    'links',
    { requires: [{ flag: 'x', variant: 'on' }], conflicts: ['y'] },
    ['conflicts', 'requires'],
  ],
  ['overrides', { overrides: { '0123456789abcdef': 'on' } }, ['overrides']],
  ['no override', { overrides: {} }, []],
])('%s', (_what, parts, capabilities) => {
  const found = requiredCapabilities(flagOf('f', parts), segments);
  expect(found).toEqual(capabilities);
  for (const each of found) expect(CAPABILITIES).toContain(each);
});
