import type { JsonValue } from '@downhaul/engine';
import { pointer } from '../document/pointer.ts';
import { sameJson } from '../document/same-json.ts';
import { domainError } from '../error/domain-error.ts';
import type { DomainError } from '../error/types.ts';
import { goesOn, isRaised, rolloutPosition } from '../rollout/transitions.ts';
import type { FlagEnvironmentState, FlagState, ProjectState } from '../state/types.ts';
import type { FlagDefinition } from './types.ts';

/** What a new definition may not change of a flag that is there: types, and what is in use. */
export function checkChange(
  project: ProjectState,
  before: FlagState,
  after: FlagDefinition,
): readonly DomainError[] {
  const { key } = before;
  if (before.archived) return [domainError('flag_archived', { flag: key }, { path: '/flag' })];
  if (before.definition.type !== after.type) {
    const facts = { flag: key, type: before.definition.type };
    return [domainError('flag_type_fixed', facts, { path: '/type' })];
  }
  return [
    ...checkDependants(project, after),
    ...Object.entries(before.environments).flatMap(([environment, here]) => [
      ...checkDown(before.definition, after, { environment, here }),
      ...checkInUse(before.definition, after, { environment, here }),
      ...checkSafe(before.definition, after, { environment, here }),
    ]),
  ];
}

interface Place {
  readonly environment: string;
  readonly here: FlagEnvironmentState;
}

/** Other flags may require any variant but the safe one; both must stay so. */
function checkDependants(project: ProjectState, after: FlagDefinition): readonly DomainError[] {
  const flags = project.mentions.get(after.key)?.requiredBy ?? [];
  return flags.flatMap((flag) => {
    const required = project.flags.get(flag)?.definition.requires.flags ?? [];
    const lost = required.find(
      (each) =>
        each.flag === after.key &&
        (each.variant === after.safe || !Object.hasOwn(after.variants, each.variant)),
    );
    if (lost === undefined) return [];
    const facts = { flag: after.key, variant: lost.variant, flags: flag };
    return [domainError('flag_variant_required', facts, { path: '/variants' })];
  });
}

/** While a flag is down its safe value is what everyone gets: changing it would raise them. */
function checkDown(
  before: FlagDefinition,
  after: FlagDefinition,
  { environment, here }: Place,
): readonly DomainError[] {
  if (!here.down) return [];
  const facts = { flag: after.key, environment };
  const place = { path: '/safe' };
  if (!sameJson(valueOf(before, before.safe), valueOf(after, after.safe))) {
    return [domainError('flag_down', facts, place)];
  }
  if (after.environments[environment] !== undefined) return [];
  return [leaving(after, environment, 'it is down there')];
}

/** Whoever may view may bring a flag down: that must never raise anybody to what a rollout takes back. */
function checkSafe(
  before: FlagDefinition,
  after: FlagDefinition,
  { environment, here: { rollout } }: Place,
): readonly DomainError[] {
  const safe = valueOf(after, after.safe);
  if (rollout === undefined || rolloutPosition(rollout) === 'ended') return [];
  if (sameJson(valueOf(before, before.safe), safe)) return [];
  const target = valueOf(after, rollout.to) ?? valueOf(before, rollout.to);
  if (!sameJson(target, safe)) return [];
  const facts = { flag: after.key, rollout: rollout.id, environment, safe: before.safe };
  return [domainError('flag_safe_is_target', facts, { path: '/safe' })];
}

function checkInUse(
  before: FlagDefinition,
  after: FlagDefinition,
  { environment, here: { rollout } }: Place,
): readonly DomainError[] {
  if (!isRaised(rollout)) return [];
  const next = after.environments[environment];
  if (next === undefined)
    return [leaving(after, environment, `${rollout.id} is ${rollout.status}`)];
  const problems: DomainError[] = [];
  for (const variant of [rollout.to, rollout.control]) {
    if (sameJson(valueOf(before, variant), valueOf(after, variant))) continue;
    const facts = { flag: after.key, variant, rollout: rollout.id };
    problems.push(
      domainError('flag_variant_in_use', facts, { path: pointer('/variants', variant) }),
    );
  }
  if (goesOn(rollout) && next.serve !== before.environments[environment]?.serve) {
    const facts = { flag: after.key, rollout: rollout.id };
    const path = `${pointer('/environments', environment)}/serve`;
    problems.push(domainError('flag_serve_in_rollout', facts, { path }));
  }
  return problems;
}

function leaving(flag: FlagDefinition, environment: string, what: string): DomainError {
  const facts = { flag: flag.key, environment, what };
  return domainError('flag_environment_in_use', facts, { path: '/environments' });
}

function valueOf({ variants }: FlagDefinition, variant: string): JsonValue | undefined {
  return Object.hasOwn(variants, variant) ? variants[variant] : undefined;
}
