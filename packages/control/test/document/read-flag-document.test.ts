import { readFlagDocument } from '@downhaul/control';
import { describe, expect, test } from 'vitest';

/** The example of the architecture, as a YAML 1.2 reader gives it. */
const EXAMPLE = {
  flag: 'new-checkout',
  kind: 'release',
  type: 'boolean',
  owner: 'team-checkout',
  purpose: 'one-page checkout',
  affects: ['storefront', 'pricing'],
  dataCompatibility: 'writes orders.total beside orders.amount, both read',
  variants: { on: true, off: false },
  safe: 'off',
  expires: '2027-03-01',
  requires: {
    flags: [{ flag: 'new-pricing', variant: 'on' }],
    services: [{ service: 'payments', contract: 'charge', version: '>=2.1' }],
    migrations: ['2026-11-orders-add-total'],
  },
  conflicts: ['legacy-cart'],
  environments: {
    production: {
      serve: 'off',
      rules: [
        {
          name: 'staff',
          if: { all: [{ attribute: 'email', endsWith: '@acme.test' }] },
          serve: 'on',
        },
        { name: 'fragile tenants', if: { segment: 'fragile-tenants' }, serve: 'off' },
      ],
      rollout: { plan: 'canary', to: 'on', attempt: 1 },
    },
  },
};

const MINIMAL = {
  flag: 'x',
  kind: 'operational',
  type: 'boolean',
  owner: 'team',
  purpose: 'why',
  variants: { on: true, off: false },
  environments: { production: { serve: 'off' } },
};

function value(document: object) {
  const result = readFlagDocument(document);
  if (!result.ok) expect.fail(JSON.stringify(result.problems));
  return result.value;
}

function problems(change: object, base: object = MINIMAL) {
  const result = readFlagDocument({ ...base, ...change });
  return result.ok ? [] : result.problems.map(({ code, path }) => `${code} ${path}`);
}

const here = (production: object) => ({ environments: { production } });
const rule = (change: object) =>
  here({ serve: 'off', rules: [{ name: 'r', if: { all: [] }, ...change }] });

describe('a flag document', () => {
  test('gives the example of the architecture unchanged but for its defaults', () => {
    const { flag: key, ...rest } = EXAMPLE;
    expect(value(EXAMPLE)).toEqual({ key, ...rest });
  });

  test('has defaults for what it leaves out, and is safe where it serves', () => {
    expect(value(MINIMAL)).toEqual({
      key: 'x',
      kind: 'operational',
      type: 'boolean',
      owner: 'team',
      purpose: 'why',
      variants: { on: true, off: false },
      safe: 'off',
      affects: [],
      requires: { flags: [], services: [], migrations: [] },
      conflicts: [],
      environments: { production: { serve: 'off', rules: [] } },
    });
  });

  test.each<[string, object, object, string]>([
    ['the variants are on and off', { on: true, off: false }, { serve: false }, 'off'],
    [
      'a YAML 1.1 reader made keys of them too',
      { true: true, false: false },
      { serve: false },
      'false',
    ],
    ['the variants are yes and no', { yes: true, no: false }, { serve: true }, 'yes'],
    ['the variant is a number', { 1: true, 2: false }, { serve: 2 }, '2'],
  ])(
    'finds the variant that a boolean or number means where %s',
    (_name, variants, production, serve) => {
      const definition = value({ ...MINIMAL, variants, ...here(production) });
      expect(definition.environments['production']?.serve).toBe(serve);
    },
  );

  test('takes a plan written in place, called as the flag', () => {
    const plan = { stages: [{ share: '100%', bake: '1h' }] };
    const definition = value({
      ...MINIMAL,
      ...here({ serve: 'off', rollout: { plan, to: 'on' } }),
    });
    expect(definition.environments['production']?.rollout).toMatchObject({
      plan: {
        key: 'x',
        stages: [{ allocations: [{ sharePerMillion: 1_000_000 }], bakeMs: 3_600_000 }],
      },
      to: 'on',
      attempt: 1,
    });
  });

  test.each<[string, object, string[]]>([
    ['an unknown property', { sevre: 1 }, ['document_property_unknown /sevre']],
    ['a property of the wrong kind', { owner: 5 }, ['document_type /owner']],
    ['a key with capitals', { flag: 'New' }, ['document_value /flag']],
    ['a key too long', { flag: 'x'.repeat(201) }, ['document_too_large /flag']],
    ['an unknown kind', { kind: 'toggle' }, ['document_value /kind']],
    ['no variants', { variants: {} }, ['document_value /variants']],
    [
      'a variant with markup',
      { variants: { '<b>': true, on: true, off: false } },
      ['document_value /variants/<b>'],
    ],
    [
      'a value of another type',
      { variants: { on: true, off: 'no' } },
      ['flag_variant_type /variants/off'],
    ],
    [
      'a value of null',
      { type: 'object', variants: { on: null, off: {} } },
      ['flag_variant_type /variants/on'],
    ],
    [
      'a value that is no number',
      { type: 'number', variants: { on: Number.NaN, off: 0 } },
      ['document_type /variants/on'],
    ],
    [
      'a huge value',
      { type: 'string', variants: { on: 'x'.repeat(70_000), off: '' } },
      ['document_too_large /variants/on'],
    ],
    ['an unknown safe variant', { safe: 'blue' }, ['flag_variant_unknown /safe']],
    [
      'an unknown served variant',
      here({ serve: 'blue' }),
      ['flag_variant_unknown /safe', 'flag_variant_unknown /environments/production/serve'],
    ],
    [
      'a rule to an unknown variant',
      rule({ serve: 'blue' }),
      ['flag_variant_unknown /environments/production/rules/0/serve'],
    ],
    [
      'a rule without an outcome',
      rule({}),
      ['document_property_missing /environments/production/rules/0'],
    ],
    [
      'a rule with two outcomes',
      rule({ serve: 'on', split: { weights: [{ variant: 'on', weight: 1 }] } }),
      ['document_property_unknown /environments/production/rules/0/split'],
    ],
    [
      'a split to an unknown variant',
      rule({ split: { weights: [{ variant: 'blue', weight: 1 }] } }),
      ['flag_variant_unknown /environments/production/rules/0/split/weights/0/variant'],
    ],
    [
      'a split of nothing',
      rule({ split: { weights: [{ variant: 'on', weight: 0 }] } }),
      ['document_value /environments/production/rules/0/split/weights'],
    ],
    [
      'a split above 31 bits',
      rule({
        split: {
          weights: [
            { variant: 'on', weight: 2_147_483_647 },
            { variant: 'off', weight: 1 },
          ],
        },
      }),
      ['document_value /environments/production/rules/0/split/weights'],
    ],
    [
      'an unknown operator',
      rule({ serve: 'on', if: { any: [{ attribute: 'a', like: 'b' }] } }),
      ['condition_invalid /environments/production/rules/0/if/any/0'],
    ],
    [
      'a condition too wide',
      rule({ serve: 'on', if: { attribute: 'id', in: Array.from({ length: 1001 }, String) } }),
      ['document_too_large /environments/production/rules/0/if'],
    ],
    ['an expiry that is no day', { expires: '2027-02-29' }, ['flag_expires_invalid /expires']],
    [
      'itself as a requirement',
      { requires: { flags: [{ flag: 'x', variant: 'on' }] } },
      ['flag_requires_itself /requires/flags/0'],
    ],
    ['itself as a conflict', { conflicts: ['x'] }, ['flag_requires_itself /conflicts/0']],
    [
      'a rollout to an unknown variant',
      here({ serve: 'off', rollout: { plan: 'p', to: 'blue' } }),
      ['flag_variant_unknown /environments/production/rollout/to'],
    ],
    [
      'a rollout to what is safe',
      here({ serve: 'off', rollout: { plan: 'p', to: 'off' } }),
      ['rollout_target_is_safe /environments/production/rollout/to'],
    ],
    [
      'an attempt of zero',
      here({ serve: 'off', rollout: { plan: 'p', to: 'on', attempt: 0 } }),
      ['document_value /environments/production/rollout/attempt'],
    ],
    [
      'a plan that drops units',
      here({
        serve: 'off',
        rollout: {
          to: 'on',
          plan: {
            stages: [
              { share: '50%', bake: '1h' },
              { share: '20%', bake: '1h' },
            ],
          },
        },
      }),
      ['plan_share_falls /environments/production/rollout/plan/stages/1'],
    ],
    [
      'no safe variant where environments differ',
      { environments: { a: { serve: 'on' }, b: { serve: 'off' } } },
      ['document_property_missing '],
    ],
    [
      'an environment with a slash',
      { environments: { 'a/b': { serve: 'off' } } },
      ['document_value /environments/a~1b'],
    ],
  ])('is refused with %s', (_name, change, expected) => {
    expect(problems(change)).toEqual(expected);
  });

  test('is told of all problems at once, each with what would be accepted', () => {
    const result = readFlagDocument({ flag: '', kind: 'x', rules: [] });
    expect(result.ok ? [] : result.problems.map(({ path, accepted }) => [path, accepted])).toEqual([
      ['/flag', expect.stringContaining('lower-case letters')],
      ['/kind', 'release, experiment, operational, permission'],
      ['/rules', expect.stringContaining('environments')],
      ['', 'type'],
      ['', 'owner'],
      ['', 'purpose'],
      ['', 'variants'],
    ]);
  });

  test.each([null, 5, 'flag', [], undefined])('is refused where it is %j', (document) => {
    expect(readFlagDocument(document)).toMatchObject({
      ok: false,
      problems: [{ code: 'document_type' }],
    });
  });

  test('leaves prototypes alone', () => {
    const document = JSON.parse(
      '{"flag":"x","__proto__":{"kind":"release"},"variants":{"__proto__":true}}',
    ) as unknown;
    const result = readFlagDocument(document);
    expect(result.ok ? [] : result.problems.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['/__proto__', '/variants/__proto__']),
    );
  });
});
