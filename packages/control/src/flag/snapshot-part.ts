import { sameJson } from '../document/same-json.ts';
import type { FlagDefinition } from './types.ts';

/** The environments in which a new definition changes what evaluators need. */
export function environmentsTouched(
  before: FlagDefinition | undefined,
  after: FlagDefinition,
): readonly string[] {
  const keys = new Set([
    ...Object.keys(before?.environments ?? {}),
    ...Object.keys(after.environments),
  ]);
  return [...keys].filter(
    (key) => !sameJson(before && snapshotPart(before, key), snapshotPart(after, key)),
  );
}

function snapshotPart(definition: FlagDefinition, environment: string): object | undefined {
  const here = definition.environments[environment];
  if (here === undefined) return undefined;
  const { kind, type, variants, safe, requires, conflicts } = definition;
  const { serve, rules } = here;
  return { kind, type, variants, safe, requires: requires.flags, conflicts, serve, rules };
}
