import { requirementProblems } from '@downhaul/engine';
import { domainError } from '../error/domain-error.ts';
import type { DomainError } from '../error/types.ts';
import type { ProjectState } from '../state/types.ts';
import type { FlagDefinition } from './types.ts';

/**
 * Why evaluators would not follow the requirements of a new definition, its own or those of flags that require
 * it: there is a most that one evaluation may lead to, and a flag beyond it would serve safe to everyone. Only
 * what is beyond it now and was not before. Circles are told apart, with their way.
 */
export function checkReach(
  project: ProjectState,
  definition: FlagDefinition,
): readonly DomainError[] {
  if (definition.requires.flags.length === 0) return [];
  const definitions = requirersAndRequired(project, definition);
  const after = requirementProblems(entriesOf(definitions));
  if (after.size === 0) return [];
  const known = project.flags.get(definition.key)?.definition;
  const before = new Map(definitions);
  if (known === undefined) before.delete(definition.key);
  else before.set(definition.key, known);
  const earlier = requirementProblems(entriesOf(before));
  const [flag] = [...after.keys()].filter((key) => !earlier.has(key));
  if (flag === undefined) return [];
  const facts = { flag: definition.key, far: flag };
  return [domainError('flag_requires_too_much', facts, { path: '/requires/flags' })];
}

/** The definition with all that lead to it, and all that any of these lead to. */
function requirersAndRequired(
  project: ProjectState,
  definition: FlagDefinition,
): ReadonlyMap<string, FlagDefinition> {
  const definitionOf = (key: string) => {
    if (key === definition.key) return definition;
    const flag = project.flags.get(key);
    return flag === undefined || flag.archived ? undefined : flag.definition;
  };
  const reached = new Set([definition.key]);
  // A set's iteration also visits what is added meanwhile.
  for (const key of reached)
    for (const by of project.mentions.get(key)?.requiredBy ?? []) reached.add(by);
  for (const key of reached)
    for (const { flag } of definitionOf(key)?.requires.flags ?? []) reached.add(flag);
  return new Map(
    [...reached].flatMap((key) => {
      const known = definitionOf(key);
      return known === undefined ? [] : [[key, known] as const];
    }),
  );
}

function entriesOf(definitions: ReadonlyMap<string, FlagDefinition>) {
  const entries = [...definitions].map(
    ([key, { requires }]) => [key, { requires: requires.flags }] as const,
  );
  return Object.fromEntries(entries);
}
