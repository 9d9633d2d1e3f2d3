import type { JsonValue, TargetingRule } from '@downhaul/engine';
import type { FlagDefinition, FlagEnvironmentDefinition } from '../flag/types.ts';
import { writePlanDocument } from './write-plan-document.ts';

/** The document of a flag, every default written out: `readFlagDocument` gives the definition back. */
export function writeFlagDocument(definition: FlagDefinition): JsonValue {
  const { dataCompatibility, expires, requires } = definition;
  return {
    flag: definition.key,
    kind: definition.kind,
    type: definition.type,
    owner: definition.owner,
    purpose: definition.purpose,
    affects: definition.affects,
    ...(dataCompatibility === undefined ? {} : { dataCompatibility }),
    variants: definition.variants,
    safe: definition.safe,
    ...(expires === undefined ? {} : { expires }),
    requires: {
      flags: requires.flags.map(({ flag, variant }) => ({ flag, variant })),
      services: requires.services.map(({ service, contract, version }) => ({
        service,
        contract,
        version,
      })),
      migrations: requires.migrations,
    },
    conflicts: definition.conflicts,
    environments: Object.fromEntries(
      Object.entries(definition.environments).map(([key, here]) => [
        key,
        environmentDocument(here),
      ]),
    ),
  };
}

function environmentDocument({ serve, rules, rollout }: FlagEnvironmentDefinition): JsonValue {
  if (rollout === undefined) return { serve, rules: rules.map(ruleDocument) };
  const { plan, to, attempt } = rollout;
  const written = typeof plan === 'string' ? plan : writePlanDocument(plan);
  return { serve, rules: rules.map(ruleDocument), rollout: { plan: written, to, attempt } };
}

function ruleDocument({ name, if: condition, serve, split }: TargetingRule): JsonValue {
  if (split === undefined)
    return { name, if: condition, ...(serve === undefined ? {} : { serve }) };
  const { unit, salt, weights } = split;
  return {
    name,
    if: condition,
    split: {
      ...(unit === undefined ? {} : { unit }),
      ...(salt === undefined ? {} : { salt }),
      weights: weights.map(([variant, weight]) => ({ variant, weight })),
    },
  };
}
