import type { JsonValue } from '@downhaul/engine';
import fc from 'fast-check';

/** Random documents that are valid, in all the forms that a person may write. */
const key = fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,12}$/);
const name = fc.string({ minLength: 1, maxLength: 20 });
const duration = fc
  .tuple(fc.integer({ min: 1, max: 300 }), fc.constantFrom('ms', 's', 'm', 'h', 'd'))
  .map(([count, unit]) => `${count}${unit}`);
const percent = fc.oneof(
  fc.integer({ min: 0, max: 100 }).map((whole) => `${whole}%`),
  fc.integer({ min: 0, max: 999_999 }).map((millionths) => `${millionths / 10_000}%`),
);
const ratio = fc.integer({ min: 1, max: 9_999_999 }).map((value) => `${value / 10_000}%`);
const alpha = fc.double({ min: 1e-6, max: 0.5, noNaN: true });

const scalar = fc.oneof(name, fc.integer(), fc.boolean());

const attributeCondition = fc.oneof(
  ...(['equals', 'notEquals'] as const).map((operator) =>
    fc.record({ attribute: name, [operator]: scalar }),
  ),
  ...(['in', 'notIn'] as const).map((operator) =>
    fc.record({ attribute: name, [operator]: fc.array(scalar, { maxLength: 3 }) }),
  ),
  ...(['startsWith', 'endsWith', 'contains'] as const).map((operator) =>
    fc.record({ attribute: name, [operator]: name }),
  ),
  ...(['lessThan', 'atMost', 'greaterThan', 'atLeast'] as const).map((operator) =>
    fc.record({ attribute: name, [operator]: fc.integer() }),
  ),
  fc.record({ attribute: name, semver: fc.constantFrom('>=2.1 <3', '^1.4.0') }),
  fc.record({ attribute: name, before: fc.constant('2027-03-01') }),
  fc.record({ attribute: name, exists: fc.boolean() }),
);

const condition = fc.letrec((tie) => ({
  condition: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    attributeCondition,
    fc.record({ segment: key }),
    fc.record({ all: fc.array(tie('condition'), { maxLength: 3 }) }),
    fc.record({ any: fc.array(tie('condition'), { maxLength: 3 }) }),
    fc.record({ not: tie('condition') }),
  ),
})).condition as fc.Arbitrary<JsonValue>;

const names = fc.array(name, { minLength: 1, maxLength: 3 });
const audience = fc.oneof(
  condition,
  fc
    .record(
      {
        segments: fc.array(key, { minLength: 1, maxLength: 3 }),
        tenants: names,
        services: names,
        instances: names,
      },
      { requiredKeys: [] },
    )
    .filter((short) => Object.keys(short).length > 0),
);

/** Stages of everyone at rising shares, with anybody at more on top. */
const stages = fc
  .uniqueArray(fc.integer({ min: 1, max: 1_000_000 }), { minLength: 1, maxLength: 4 })
  .chain((shares) =>
    fc.tuple(
      ...[...shares]
        .sort((a, b) => a - b)
        .map((share) =>
          fc.record(
            {
              share: fc.constant(`${share / 10_000}%`),
              bake: duration,
              minimumSample: fc.nat(1000),
            },
            { requiredKeys: ['share', 'bake'] },
          ),
        ),
    ),
  );

const audienceStage = fc
  .record(
    {
      share: percent,
      bake: duration,
      audience,
      plus: fc.array(fc.record({ audience, share: percent }), { maxLength: 2 }),
    },
    { requiredKeys: ['share', 'bake', 'audience'] },
  )
  .map((stage) => [stage]);

const margin = fc.oneof(
  fc.record({ relative: ratio }),
  fc.record({ relative: ratio, absolute: fc.double({ min: 1e-6, max: 0.9, noNaN: true }) }),
);

const guardrails = fc.uniqueArray(
  fc.record(
    {
      metric: fc.stringMatching(/^[a-z]{3,8}\.[a-z]{3,8}$/),
      margin,
      worse: fc.constantFrom('higher', 'lower'),
      quantile: fc.constantFrom('p50', 'p99', 'p99.9', 'p95.25'),
      budget: fc.record(
        {
          objective: fc.constantFrom('99%', '99.95%', '90%'),
          window: fc.constantFrom('1h', '7d', '30d', '35d'),
          then: fc.constantFrom('hold', 'rollback'),
        },
        { requiredKeys: ['objective'] },
      ),
    },
    { requiredKeys: ['metric', 'margin'] },
  ),
  { maxLength: 3, selector: ({ metric }) => metric },
);

const planSettings = {
  unit: name,
  success: fc.array(
    fc.record({
      metric: name,
      better: fc.constantFrom('higher', 'lower'),
      by: fc.record({ relative: ratio }),
    }),
    { maxLength: 2 },
  ),
  guardrails,
  harmBudget: fc.nat(1000),
  reactionTime: duration,
  batch: fc.constantFrom('60s', '1s', '500ms', '5m'),
  holdback: percent,
  whenBlind: fc.record(
    {
      hold: duration,
      then: fc.constantFrom('hold', 'pause', 'rollback'),
      treatmentOnly: fc.constantFrom('hold', 'pause', 'rollback'),
    },
    { requiredKeys: [] },
  ),
  whenStageTooLong: fc.record(
    { after: duration, then: fc.constantFrom('pause', 'rollback') },
    { requiredKeys: [] },
  ),
  whenShared: fc.record({ then: fc.constantFrom('rollback', 'hold') }),
  watch: fc.oneof(
    fc.record({ until: fc.constant('2027-03-01') }),
    fc.record(
      { for: duration, falseAlarmEvery: fc.constantFrom('1h', '90d') },
      { requiredKeys: [] },
    ),
  ),
  slices: fc.uniqueArray(
    fc.oneof(
      name,
      fc.record(
        { attribute: name, minimumSample: fc.nat(1_000_000_000) },
        { requiredKeys: ['attribute'] },
      ),
    ),
    { maxLength: 2, selector: (slice) => (typeof slice === 'string' ? slice : slice.attribute) },
  ),
  rehearsal: fc.record(
    { required: fc.boolean(), within: duration, falseRollback: ratio, missed: ratio },
    { requiredKeys: [] },
  ),
  alphaHarm: alpha,
  alphaNonInferiority: alpha,
  alphaSrm: alpha,
  proof: fc.record(
    { reached: duration, silent: duration, recovered: duration },
    { requiredKeys: [] },
  ),
};

export const planDocument = fc.record(
  { plan: key, stages: fc.oneof(stages, audienceStage), ...planSettings },
  { requiredKeys: ['plan', 'stages'] },
);

const inlinePlan = fc.record({ stages, ...planSettings }, { requiredKeys: ['stages'] });

const VALUES: Readonly<Record<string, fc.Arbitrary<JsonValue>>> = {
  boolean: fc.boolean(),
  string: fc.string(),
  number: fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
  object: fc.oneof(
    fc.dictionary(fc.constantFrom('a', 'b'), fc.oneof(fc.string(), fc.constant(null))),
    fc.array(fc.integer()),
  ),
};

const variantKey = fc.oneof(
  fc.constantFrom('on', 'off', 'blue', '1'),
  fc.stringMatching(/^[^<>&"]{1,8}$/).filter((text) => text !== '__proto__'),
);

export const segmentDocument = fc.record({ segment: key, owner: name, if: condition });

export const flagDocument = fc
  .record({
    type: fc.constantFrom('boolean', 'string', 'number', 'object'),
    variants: fc.uniqueArray(variantKey, { minLength: 2, maxLength: 4 }),
  })
  .chain(({ type, variants }) => documentWith(type, variants));

function documentWith(type: string, variants: readonly string[]) {
  const [safe, ...others] = variants as readonly [string, ...string[]];
  const variant = fc.constantFrom(...variants);
  const weights = fc.array(fc.record({ variant, weight: fc.integer({ min: 1, max: 1000 }) }), {
    minLength: 1,
    maxLength: 3,
  });
  const rule = fc.oneof(
    fc.record({ name, if: condition, serve: variant }),
    fc.record({
      name,
      if: condition,
      split: fc.record({ weights, unit: name, salt: name }, { requiredKeys: ['weights'] }),
    }),
  );
  const rollout = fc.record(
    {
      plan: fc.oneof(key, inlinePlan),
      to: fc.constantFrom(...others),
      attempt: fc.integer({ min: 1, max: 9 }),
    },
    { requiredKeys: ['plan', 'to'] },
  );
  const environment = fc.record(
    { serve: variant, rules: fc.array(rule, { maxLength: 3 }), rollout },
    { requiredKeys: ['serve'] },
  );
  return fc.record(
    {
      flag: key.map((text) => `x${text}`.slice(0, 12)),
      kind: fc.constantFrom('release', 'experiment', 'operational', 'permission'),
      type: fc.constant(type),
      owner: name,
      purpose: name,
      variants: fc
        .tuple(...variants.map(() => VALUES[type]!))
        .map((values) => Object.fromEntries(variants.map((each, index) => [each, values[index]!]))),
      safe: fc.constant(safe),
      affects: fc.array(name, { maxLength: 3 }),
      dataCompatibility: name,
      expires: fc.constantFrom('2027-03-01', '2028-02-29'),
      requires: fc.record(
        {
          flags: fc.array(
            fc.record({ flag: fc.constantFrom('a', 'b'), variant: fc.constant('on') }),
            { maxLength: 2 },
          ),
          services: fc.array(fc.record({ service: name, contract: name, version: name }), {
            maxLength: 2,
          }),
          migrations: fc.array(name, { maxLength: 2 }),
        },
        { requiredKeys: [] },
      ),
      conflicts: fc.array(fc.constantFrom('c', 'd'), { maxLength: 2 }),
      environments: fc.dictionary(key, environment, { maxKeys: 3 }),
    },
    { requiredKeys: ['flag', 'kind', 'type', 'owner', 'purpose', 'variants', 'safe'] },
  );
}
