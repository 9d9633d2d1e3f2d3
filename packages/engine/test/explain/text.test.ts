import { compile, explainText } from '@downhaul/engine';
import { expect, test } from 'vitest';
import { flagOf, rolloutOf, snapshotOf } from '../support/snapshots.ts';

const evaluator = compile(
  snapshotOf(
    [
      flagOf('new-checkout', {
        version: 41,
        requires: [{ flag: 'new-pricing', variant: 'on' }],
        conflicts: ['legacy-cart'],
        rules: [
          { name: 'staff', if: { attribute: 'email', endsWith: '@acme.test' }, serve: 'on' },
          {
            name: 'fragile',
            if: { any: [{ segment: 'fragile' }, { not: { attribute: 'age', exists: true } }] },
            split: {
              unit: 'tenant',
              salt: 's',
              weights: [
                ['on', 1],
                ['off', 3],
              ],
            },
          },
        ],
        rollout: rolloutOf('new-checkout', 0, {
          stage: 2,
          allocations: [
            { audience: { attribute: 'country', in: ['de', 'at'] }, sharePerMillion: 500_000 },
            { sharePerMillion: 50_000 },
          ],
        }),
        overrides: { '0123456789abcdef': 'on' },
      }),
      flagOf('new-pricing', { serve: 'on' }),
      flagOf('legacy-cart'),
      flagOf('gone', { down: true }),
      flagOf('future', { capabilities: ['telepathy'] }),
    ],
    [{ key: 'fragile', if: { attribute: 'tier', equals: 'fragile' } }],
    { version: 77 },
  ),
);

test('a rollout, with all that was looked at on the way', () => {
  const context = { targetingKey: 'user-9', email: 'ann@example.test', age: 31, tier: 7 };
  expect(explainText(evaluator.explain('new-checkout', context))).toEqual([
    'new-checkout in default/production at version 77: true (variant on)',
    'decided by rollout; reason SPLIT',
    'override of targetingKey "user-9" (90c46ae1815cd976): none',
    'conflicts with legacy-cart; it could leave safe: no; this flag: yes',
    'requires new-pricing = on: met, it serves on (by serve)',
    'rule staff: no; serves on',
    '  email endsWith "@acme.test": no, saw "ann@example.test"',
    'rule fragile: no; splits on 1, off 3 by tenant (missing), salt "s", no bucket: none',
    '  any of: no',
    '    in segment fragile: no',
    '      tier equals "fragile": no, saw 7',
    '    not: no',
    '      age exists true: yes, saw 31',
    'rollout default/production/new-checkout#1, stage 3: targetingKey "user-9", ' +
      'salt "new-checkout", bucket 45072 of 1000000: treatment of allocation 1',
    '  allocation 0, share 50 %: audience no, within the share',
    '    country in ["de", "at"]: no, saw missing',
    '  allocation 1, share 5 %: audience yes, within the share',
    'otherwise: off',
  ]);
});

test('a rule ends it, and what comes after is shown as not reached', () => {
  const context = { email: 'ann@acme.test', tier: 'fragile', tenant: 't1' };
  const lines = explainText(evaluator.explain('new-checkout', context));
  expect(lines[1]).toBe('decided by rules, staff; reason TARGETING_MATCH');
  expect(lines).toContain('rule staff: yes; serves on');
  expect(lines.some((line) => line.startsWith('rule fragile: yes, but not reached; splits'))).toBe(
    true,
  );
});

test.each([
  [
    'gone',
    [
      'gone in default/production at version 77: false (variant off)',
      'decided by down; reason DISABLED',
      'down: everyone gets off',
      'otherwise: off',
    ],
  ],
  [
    'future',
    [
      'future in default/production at version 77: the code default',
      'decided by capabilities; reason DEFAULT',
      'the flag needs capabilities that this engine lacks: telepathy',
    ],
  ],
  [
    'nowhere',
    [
      'nowhere in default/production at version 77: the code default',
      'decided by missing; reason ERROR',
      'flag nowhere is not in this environment',
    ],
  ],
])('%s', (key, lines) => {
  expect(explainText(evaluator.explain(key, {}))).toEqual(lines);
});

test('values are shortened, and no value of a context can spoil the text', () => {
  const revoked = Proxy.revocable([], {});
  revoked.revoke();
  const values: readonly unknown[] = [
    'x'.repeat(1000),
    null,
    7n,
    Symbol('s'),
    () => 0,
    [1, 2],
    { a: 1 },
    new Date(0),
    new Date(Number.NaN),
    revoked.proxy,
  ];
  const seen = values.map((age) => {
    const { details } = evaluator.explain('new-checkout', { age });
    return details?.rules[1]?.condition.inner[1]?.inner[0]?.seen;
  });
  expect(seen).toEqual([
    `"${'x'.repeat(79)}…`,
    'null',
    '7',
    'a symbol',
    'a function',
    'a list of 2',
    'an object',
    '1970-01-01T00:00:00.000Z',
    'no date',
    'unreadable',
  ]);
});
