import type { Condition, TargetingRule } from '@downhaul/engine';
import type { CommandBody, FlagDefinition, Plan } from '@downhaul/control';
import fc from 'fast-check';
import {
  JUSTIFICATION,
  PERSON,
  quickPlan,
  SERVICE,
  SOME_CAUSE,
  SOME_FIGURES,
  somePlan,
  type World,
} from './world.ts';

export const ENVIRONMENTS = ['staging', 'production'] as const;
export const FLAGS = ['a', 'b', 'constructor'] as const;
export const SEGMENTS = ['s', 't'] as const;
/** Names that every object has, and names of other alphabets, are names like any other. */
const VARIANTS = ['off', 'on', 'toString', 'constructor', 'grün'] as const;
export const UNITS = [
  { targetingKey: 'u1', tenant: 'x' },
  { targetingKey: 'u2', tenant: 'y' },
  { targetingKey: 'u3' },
  ...Array.from({ length: 8 }, (_, index) => ({ targetingKey: `v${index}`, tenant: 'z' })),
  {},
];

const anyFlag = fc.constantFrom('a' as const, 'a' as const, ...FLAGS);
const anyEnvironment = fc.constantFrom(
  'production' as const,
  'production' as const,
  ...ENVIRONMENTS,
);
const anyVariant = fc.constantFrom('on', 'off', ...VARIANTS);
const anyTenants = fc.uniqueArray(fc.constantFrom('x', 'y', 'z'), { minLength: 1, maxLength: 2 });

const anyCondition: fc.Arbitrary<Condition> = fc.oneof(
  anyTenants.map((tenants) => ({ attribute: 'tenant', in: tenants })),
  fc.constantFrom(...SEGMENTS).map((segment) => ({ segment })),
  fc.constant({ all: [] }),
  anyTenants.map((tenants) => ({ not: { attribute: 'tenant', in: tenants } })),
);

const stage = (allocations: Plan['stages'][number]['allocations']) => ({
  allocations,
  bakeMs: 60_000,
  minimumSample: 0,
});

const PLANS: readonly Plan[] = [
  somePlan(),
  quickPlan(),
  quickPlan({ key: 'short', stages: [stage([{ sharePerMillion: 500_000 }])] }),
  quickPlan({ key: 'all', stages: [stage([{ sharePerMillion: 1_000_000 }])] }),
  quickPlan({ key: 'held', holdbackPerMillion: 100_000 }),
  quickPlan({ key: 'by-tenant', unit: 'tenant' }),
  quickPlan({ key: 'nobody', unit: '__proto__' }),
  quickPlan({
    key: 'segment',
    stages: [stage([{ audience: { segment: 's' }, sharePerMillion: 700_000 }])],
  }),
];

/** Mostly of its own variants, now and then of one that is gone: a put that is refused is a case too. */
function oneOf(names: readonly string[]): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 30, arbitrary: fc.constantFrom(...names) },
    { weight: 1, arbitrary: anyVariant },
  );
}

function ruleOf(names: readonly string[]): fc.Arbitrary<TargetingRule> {
  const weights = fc.array(fc.tuple(oneOf(names), fc.nat(3)), { minLength: 1, maxLength: 3 });
  return fc.oneof(
    fc.record({ name: fc.constant('r'), if: anyCondition, serve: oneOf(names) }),
    fc.record({ name: fc.constant('p'), if: anyCondition, split: fc.record({ weights }) }),
  );
}

const anyDefinition: fc.Arbitrary<FlagDefinition> = fc
  .uniqueArray(anyVariant, { minLength: 2, maxLength: 4 })
  .chain((names) =>
    fc.record({
      key: anyFlag,
      kind: fc.constantFrom('release' as const, 'operational' as const),
      type: fc.constantFrom(...Array<'string'>(40).fill('string'), 'number' as const),
      owner: fc.constantFrom('team', 'others'),
      purpose: fc.constant('a test'),
      affects: fc.constant([]),
      variants: fc
        .array(fc.constantFrom('', '', 'B'), { minLength: 4, maxLength: 4 })
        .map((values) =>
          Object.fromEntries(names.map((name, index) => [name, `${name}${values[index]}`])),
        ),
      safe: fc.constantFrom(...(names.includes('off') ? ['off'] : names)),
      requires: fc
        .option(
          fc.record({ flag: fc.constantFrom('a', 'b'), variant: fc.constantFrom('on', 'off') }),
          {
            freq: 5,
            nil: undefined,
          },
        )
        .map((flag) => ({ flags: flag ? [flag] : [], services: [], migrations: [] })),
      conflicts: fc.oneof(
        { weight: 4, arbitrary: fc.constant([]) },
        { weight: 1, arbitrary: anyFlag.map((flag) => [flag]) },
      ),
      environments: fc
        .tuple(
          fc.constantFrom([...ENVIRONMENTS], ['production'], ['staging']),
          fc.record(
            {
              serve: fc.oneof(
                oneOf(names),
                fc.constantFrom(names.includes('off') ? 'off' : names[0]!),
              ),
              rules: fc.array(ruleOf(names), { maxLength: 2 }),
              rollout: fc.record({
                plan: fc.constantFrom(...PLANS),
                to: oneOf(names.filter((name) => name !== 'off')),
                attempt: fc.integer({ min: 1, max: 4 }),
              }),
            },
            { requiredKeys: ['serve', 'rules'] },
          ),
        )
        .map(([places, here]) => Object.fromEntries(places.map((place) => [place, here]))),
    }),
  );

const asked = { atOnce: true, justification: JUSTIFICATION };

type Sent = CommandBody & Partial<Pick<Parameters<World['send']>[0], 'actor' | 'justification'>>;

/** A document as it stands now, with a change, is what people put. */
interface Edit {
  readonly type: 'edit';
  readonly flag: string;
  readonly edit: (definition: FlagDefinition) => FlagDefinition;
}

export type Step = Sent | Edit;

const anyEdit: fc.Arbitrary<(definition: FlagDefinition) => FlagDefinition> = fc.oneof(
  fc
    .constantFrom('on', 'on', ...VARIANTS)
    .map((name) => (flag: FlagDefinition) => withoutVariant(flag, name)),
  anyVariant.map((name) => (flag: FlagDefinition) => ({
    ...flag,
    variants: Object.fromEntries(Object.entries(flag.variants).filter(([key]) => key !== name)),
  })),
  fc
    .tuple(anyVariant, fc.constantFrom('A', 'B'))
    .map(([name, value]) => (flag: FlagDefinition) => ({
      ...flag,
      variants: { ...flag.variants, [name]: value },
    })),
  anyVariant.map((safe) => (flag: FlagDefinition) => ({ ...flag, safe })),
  fc.tuple(anyEnvironment, anyVariant).map(
    ([place, serve]) =>
      (flag: FlagDefinition) =>
        changedHere(flag, place, { serve }),
  ),
  fc.tuple(anyEnvironment, fc.array(ruleOf(['on', 'off']), { maxLength: 2 })).map(
    ([place, rules]) =>
      (flag: FlagDefinition) =>
        changedHere(flag, place, { rules }),
  ),
  fc.tuple(anyEnvironment, fc.integer({ min: 2, max: 5 }), fc.constantFrom(...PLANS)).map(
    ([place, attempt, plan]) =>
      (flag: FlagDefinition) =>
        changedHere(flag, place, { rollout: { plan, to: 'on', attempt } }),
  ),
  anyEnvironment.map((place) => (flag: FlagDefinition) => ({
    ...flag,
    environments: Object.fromEntries(
      Object.entries(flag.environments).filter(([key]) => key !== place),
    ),
  })),
  fc.constantFrom('a', 'b').map((required) => (flag: FlagDefinition) => ({
    ...flag,
    requires: { ...flag.requires, flags: [{ flag: required, variant: 'on' }] },
  })),
  fc.constant((flag: FlagDefinition) => ({
    ...flag,
    requires: { ...flag.requires, flags: [] },
    conflicts: [],
  })),
  anyFlag.map((other) => (flag: FlagDefinition) => ({ ...flag, conflicts: [other] })),
);

/** The document with everything that names a variant taken out too. */
function withoutVariant(flag: FlagDefinition, name: string): FlagDefinition {
  const environments = Object.entries(flag.environments).map(([key, here]) => {
    const { rollout, ...rest } = here;
    const kept = rollout?.to === name ? rest : here;
    const serve = kept.serve === name ? flag.safe : kept.serve;
    return [key, { ...kept, serve, rules: [] }] as const;
  });
  return {
    ...flag,
    variants: Object.fromEntries(Object.entries(flag.variants).filter(([key]) => key !== name)),
    environments: Object.fromEntries(environments),
  };
}

function changedHere(
  flag: FlagDefinition,
  place: string,
  change: Partial<FlagDefinition['environments'][string]>,
): FlagDefinition {
  const here = { serve: flag.safe, rules: [], ...flag.environments[place], ...change };
  return { ...flag, environments: { ...flag.environments, [place]: here } };
}

/** What is sent for a step in a world. */
export function sentOf(world: World, step: Step): Sent | undefined {
  if (step.type !== 'edit') return step;
  const known = world.state.projects.get('default')?.flags.get(step.flag);
  return known && { type: 'putFlag', definition: step.edit(known.definition), ...asked };
}

export const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: anyPut() },
  {
    weight: 20,
    arbitrary: fc
      .record({ flag: anyFlag, edit: anyEdit })
      .map((each): Step => ({ type: 'edit', ...each })),
  },
  { weight: 12, arbitrary: onFlag('advanceRollout', { figures: SOME_FIGURES }) },
  { weight: 8, arbitrary: anyStart() },
  ...(
    [
      ['holdRollout', { cause: SOME_CAUSE }],
      ['releaseRollout', {}],
      ['pauseRollout', { cause: SOME_CAUSE }],
      ['resumeRollout', {}],
      ['completeRollout', {}],
      ['endWatch', {}],
      ['downFlag', {}],
      ['tightenRollout', { plan: quickPlan({ harmBudget: 1 }) }],
      ['setOverrides', { page: { page: 'p', mac: 'm' }, count: 1 }],
    ] as const
  ).map(([type, facts]) => ({ weight: 1, arbitrary: onFlag(type, facts) })),
  { weight: 8, arbitrary: onFlag('rollbackRollout', { cause: SOME_CAUSE }) },
  { weight: 2, arbitrary: onFlag('upFlag', {}) },
  {
    weight: 3,
    arbitrary: fc
      .record({ key: fc.constantFrom(...SEGMENTS), if: anyCondition })
      .map((each): Step => ({ type: 'putSegment', owner: 'team', ...each, ...asked })),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom(...SEGMENTS)
      .map((segment): Step => ({ type: 'removeSegment', segment })),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(...PLANS).map((plan): Step => ({ type: 'putPlan', plan })),
  },
);

function onFlag(type: CommandBody['type'], facts: object): fc.Arbitrary<Step> {
  return fc
    .record({ flag: anyFlag, environment: anyEnvironment, actor: fc.constantFrom(PERSON, SERVICE) })
    .map((each) => ({ type, ...facts, ...each }) as unknown as Step);
}

function anyStart(): fc.Arbitrary<Step> {
  return fc
    .record({
      flag: anyFlag,
      environment: anyEnvironment,
      plan: fc.constantFrom(...PLANS),
      to: anyVariant,
    })
    .map((each) => ({ type: 'startRollout', ...each, ...asked }));
}

function anyPut(): fc.Arbitrary<Step> {
  return anyDefinition.map((definition) => ({ type: 'putFlag', definition, ...asked }));
}
