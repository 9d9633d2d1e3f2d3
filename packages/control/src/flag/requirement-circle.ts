import { findCircle } from '../document/find-circle.ts';
import type { ProjectState } from '../state/types.ts';
import type { FlagDefinition } from './types.ts';

/** The way from a flag back to itself that its new requirements would make, if any: `a, b, a`. */
export function requirementCircle(
  project: ProjectState,
  definition: FlagDefinition,
): string | undefined {
  return findCircle(definition.key, (key) => {
    const each = key === definition.key ? definition : project.flags.get(key)?.definition;
    return each?.requires.flags.map(({ flag }) => flag) ?? [];
  })?.join(', ');
}
