import {
  changesOf,
  type FieldChange,
  othersChanges,
  readFlagDocument,
  readPlanDocument,
  writeFlagDocument,
  writePlanDocument,
} from '@downhaul/control';
import type { JsonValue } from '@downhaul/engine';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { flagDocument, planDocument } from './arbitraries.ts';

const texts = (changes: readonly FieldChange[]): string[] => changes.map(({ text }) => text);

const staff = { name: 'staff', if: { segment: 'staff' }, serve: 'on' };
const beta = { name: 'beta', if: { segment: 'beta' }, serve: 'on' };

function flag(change: Record<string, unknown> = {}, production: Record<string, unknown> = {}) {
  const read = readFlagDocument({
    flag: 'x',
    kind: 'release',
    type: 'boolean',
    owner: 'ann',
    purpose: 'p',
    variants: { on: true, off: false },
    safe: 'off',
    environments: { production: { serve: 'off', rules: [staff, beta], ...production } },
    ...change,
  });
  if (!read.ok) expect.fail(JSON.stringify(read.problems));
  return writeFlagDocument(read.value);
}

describe('the changes of a document, in words', () => {
  it.each<[string, JsonValue, readonly string[]]>([
    ['nothing', flag(), []],
    ['a text', flag({ owner: 'ben' }), ['owner: ann → ben']],
    ['what is served', flag({}, { serve: 'on' }), ['production: serve: off → on']],
    [
      'a rule that goes',
      flag({}, { rules: [beta] }),
      [`production: rule \`staff\` removed, was ${JSON.stringify(staff)}`],
    ],
    [
      'a rule that serves another',
      flag({}, { rules: [{ ...staff, serve: 'off' }, beta] }),
      ['production: rule `staff`, serve: on → off'],
    ],
    [
      'a rule for others',
      flag({}, { rules: [{ ...staff, if: { segment: 'beta' } }, beta] }),
      ['production: rule `staff`, if: {"segment":"staff"} → {"segment":"beta"}'],
    ],
    [
      'the order of rules',
      flag({}, { rules: [beta, staff] }),
      ['production: order of the rules: ["staff","beta"] → ["beta","staff"]'],
    ],
    [
      'a new environment',
      flag({
        environments: {
          production: { serve: 'off', rules: [staff, beta] },
          staging: { serve: 'on' },
        },
      }),
      ['environment `staging` added: {"serve":"on","rules":[]}'],
    ],
    [
      'an environment that goes',
      flag({ environments: {} }),
      [
        'environment `production` removed, was {"serve":"off","rules":[{"name":"staff","if":{"segment":"staff"},"serve":"on"},{"name":"beta","if":{"segment":"beta"},"serve":"on"}]}',
      ],
    ],
    [
      'a requirement',
      flag({ requires: { flags: [{ flag: 'y', variant: 'on' }] } }),
      ['requires, flag `y` added: {"flag":"y","variant":"on"}'],
    ],
    [
      'a variant',
      flag({ variants: { on: true, off: false, half: true } }),
      ['variant `half` added: true'],
    ],
    ['a service', flag({ affects: ['shop'] }), ['affected service `shop` added: shop']],
    [
      'a rollout',
      flag({}, { rollout: { plan: 'canary', to: 'on' } }),
      ['production: rollout added: {"plan":"canary","to":"on","attempt":1}'],
    ],
    ['a date', flag({ expires: '2027-03-01' }), ['expires added: 2027-03-01']],
  ])('%s', (_what, after, expected) => {
    expect(texts(changesOf(flag(), after))).toEqual(expected);
  });

  it('names guardrails and stages of a plan', () => {
    const plan = (change: Record<string, unknown>) => {
      const read = readPlanDocument({
        plan: 'canary',
        stages: [
          { share: '10%', bake: '30m' },
          { share: '100%', bake: '1h' },
        ],
        guardrails: [{ metric: 'http.error_rate', margin: { relative: '5%' } }],
        ...change,
      });
      if (!read.ok) expect.fail(JSON.stringify(read.problems));
      return writePlanDocument(read.value);
    };
    const loose = plan({
      stages: [
        { share: '20%', bake: '30m' },
        { share: '100%', bake: '1h' },
      ],
      guardrails: [{ metric: 'http.error_rate', margin: { relative: '50%' } }],
    });
    expect(texts(changesOf(plan({}), loose))).toEqual([
      'stage `1`, share: 10% → 20%',
      'guardrail `http.error_rate`, margin, relative: 5% → 50%',
    ]);
    // The default of the baseline goes with the guardrails.
    expect(texts(changesOf(plan({}), plan({ guardrails: [] })))).toEqual([
      'baseline: 5m → 0s',
      expect.stringMatching(/^guardrail `http.error_rate` removed, was /),
    ]);
  });

  test.each([
    { name: 'flags', arbitrary: flagDocument, read: readFlagDocument, write: writeFlagDocument },
    { name: 'plans', arbitrary: planDocument, read: readPlanDocument, write: writePlanDocument },
  ])('are none exactly where two $name are the same', ({ arbitrary, read, write }) => {
    const written = (document: unknown): JsonValue | undefined => {
      const result = read(document);
      return result.ok ? write(result.value as never) : undefined;
    };
    fc.assert(
      fc.property(
        arbitrary as fc.Arbitrary<unknown>,
        arbitrary as fc.Arbitrary<unknown>,
        (one, other) => {
          const [a, b] = [written(one), written(other)];
          if (a === undefined || b === undefined) return;
          expect(changesOf(a, a)).toEqual([]);
          const isSame = JSON.stringify(a) === JSON.stringify(b);
          expect(changesOf(a, b).length === 0).toBe(isSame);
        },
      ),
      { numRuns: 200, seed: 3 },
    );
  });
});

describe('changes of what others changed', () => {
  const [ann, ben] = [
    { kind: 'person', id: 'ann' },
    { kind: 'person', id: 'ben' },
  ] as const;
  const past = [
    { document: flag(), actor: ann, atMs: 1, version: 1 },
    {
      document: flag({ owner: 'ben', purpose: 'q' }, { rules: [beta] }),
      actor: ben,
      atMs: 2,
      version: 2,
    },
    {
      document: flag({ owner: 'ben', purpose: 'r' }, { rules: [beta] }),
      actor: ann,
      atMs: 3,
      version: 3,
    },
  ];
  const others = (after: JsonValue, me: (typeof past)[number]['actor']) =>
    othersChanges(after, past, me);

  it('are named, and whether they are taken back', () => {
    expect(others(flag({ owner: 'ann', purpose: 'r' }, { rules: [beta] }), ann)).toEqual([
      { field: '/owner', by: { ...ben }, version: 2, atMs: 2, takenBack: true },
    ]);
    expect(others(flag({ owner: 'cy', purpose: 'r' }, { rules: [beta] }), ann)).toMatchObject([
      { field: '/owner', takenBack: false },
    ]);
    expect(others(flag({ owner: 'ben', purpose: 'r' }), ann)).toMatchObject([
      { field: '/environments/production/rules/staff', version: 2, takenBack: true },
    ]);
  });

  it('are not my own, nor what nobody changed before', () => {
    expect(others(flag({ owner: 'ann', purpose: 'r' }, { rules: [beta] }), ben)).toEqual([]);
    expect(others(flag({ owner: 'ben', purpose: 's' }, { rules: [beta] }), ann)).toEqual([]);
    expect(
      others(flag({ owner: 'ben', purpose: 'r', expires: '2027-03-01' }, { rules: [beta] }), ann),
    ).toEqual([]);
  });

  it('are my own where an earlier release kept my name in the place of an id', () => {
    const before = flag({ owner: 'ann', purpose: 'r' }, { rules: [beta] });
    const me = { kind: 'person', id: 't1', name: 'ben' } as const;
    expect(othersChanges(before, past, me)).toEqual([]);
    expect(othersChanges(before, past, { ...me, name: 'cy' })).toHaveLength(1);
  });
});
