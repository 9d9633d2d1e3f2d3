import type { DomainError } from '../error/types.ts';
import type { ProjectState } from '../state/types.ts';
import { raisedConflict } from './conflicts.ts';
import { unmetRequirement } from './requirements.ts';
import type { FlagDefinition } from './types.ts';

/**
 * Why a flag may not be raised in an environment; undefined where it may. Every step up asks this, and nothing
 * on the way down does: what it requires has to be met, and no flag in conflict with it may be raised.
 */
export function mayNotRaise(
  project: ProjectState,
  environment: string,
  definition: FlagDefinition,
): DomainError | undefined {
  return (
    unmetRequirement(project, environment, definition) ??
    raisedConflict(project, environment, definition)
  );
}
