import type { FlagType, JsonValue, TargetingRule } from '@downhaul/engine';
import { pointer } from '../document/pointer.ts';
import { domainError } from '../error/domain-error.ts';
import type { DomainError } from '../error/types.ts';
import { checkPlan } from '../plan/check-plan.ts';
import type { FlagDefinition } from './types.ts';

/** What a definition contradicts in itself; what other flags and segments say is not asked here. */
export function checkDefinition(definition: FlagDefinition): readonly DomainError[] {
  return [
    ...checkVariantTypes(definition),
    ...checkNamedVariants(definition),
    ...checkTargets(definition),
    ...checkSelf(definition),
    ...checkPlans(definition),
  ];
}

/** The kind of a JSON value, by the word that documents use for the type of a flag. */
function typeOfValue(value: JsonValue): FlagType | 'null' {
  if (value === null) return 'null';
  const type = typeof value;
  return type === 'boolean' || type === 'string' || type === 'number' ? type : 'object';
}

function checkVariantTypes({ type, variants }: FlagDefinition): readonly DomainError[] {
  return Object.entries(variants).flatMap(([variant, value]) => {
    const found = typeOfValue(value);
    if (found === type) return [];
    const path = pointer('/variants', variant);
    return [domainError('flag_variant_type', { variant, found, type }, { path })];
  });
}

function checkNamedVariants(definition: FlagDefinition): readonly DomainError[] {
  const names: Named[] = [{ variant: definition.safe, path: '/safe' }];
  for (const [key, here] of Object.entries(definition.environments)) {
    const path = pointer('/environments', key);
    names.push({ variant: here.serve, path: `${path}/serve` });
    here.rules.forEach((rule, index) =>
      names.push(...ruleVariants(rule, `${path}/rules/${index}`)),
    );
    if (here.rollout !== undefined)
      names.push({ variant: here.rollout.to, path: `${path}/rollout/to` });
  }
  return names.flatMap(({ variant, path }) => checkVariant(definition, variant, path));
}

interface Named {
  readonly variant: string;
  readonly path: string;
}

function ruleVariants(rule: TargetingRule, path: string): readonly Named[] {
  const fixed = rule.serve === undefined ? [] : [{ variant: rule.serve, path: `${path}/serve` }];
  const split = rule.split?.weights.map(([variant], index) => ({
    variant,
    path: `${path}/split/weights/${index}/variant`,
  }));
  return [...fixed, ...(split ?? [])];
}

function checkVariant(
  definition: FlagDefinition,
  variant: string,
  path: string,
): readonly DomainError[] {
  if (Object.hasOwn(definition.variants, variant)) return [];
  const accepted = Object.keys(definition.variants).join(', ');
  return [
    domainError('flag_variant_unknown', { flag: definition.key, variant }, { path, accepted }),
  ];
}

/** What is rolled back must never be what is safe: anybody may roll back. */
function checkTargets({ key, safe, environments }: FlagDefinition): readonly DomainError[] {
  return Object.entries(environments).flatMap(([environment, { rollout }]) => {
    if (rollout?.to !== safe) return [];
    const path = `${pointer('/environments', environment)}/rollout/to`;
    return [domainError('rollout_target_is_safe', { flag: key, variant: safe }, { path })];
  });
}

function checkSelf({ key, requires, conflicts }: FlagDefinition): readonly DomainError[] {
  const required = requires.flags.findIndex(({ flag }) => flag === key);
  const conflicting = conflicts.indexOf(key);
  const problems: DomainError[] = [];
  if (required >= 0) problems.push(selfError(key, 'requires', `/requires/flags/${required}`));
  if (conflicting >= 0) problems.push(selfError(key, 'conflicts', `/conflicts/${conflicting}`));
  return problems;
}

function selfError(flag: string, property: string, path: string): DomainError {
  return domainError('flag_requires_itself', { flag, property }, { path });
}

function checkPlans(definition: FlagDefinition): readonly DomainError[] {
  return Object.entries(definition.environments).flatMap(([key, { rollout }]) => {
    if (rollout === undefined || typeof rollout.plan === 'string') return [];
    return checkPlan(rollout.plan, `${pointer('/environments', key)}/rollout/plan`);
  });
}
