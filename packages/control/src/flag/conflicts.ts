import { domainError } from '../error/domain-error.ts';
import type { DomainError } from '../error/types.ts';
import { isEveryone } from '../plan/audience.ts';
import { isRaised } from '../rollout/transitions.ts';
import type { FlagState, ProjectState } from '../state/types.ts';
import type { FlagDefinition } from './types.ts';

/**
 * Why a flag may not be raised in an environment by its conflicts, whichever of the two names the
 * other: the other one is up and serves more than its safe variant, by `serve` or by a rule for everyone, or
 * its rollout goes on or holds its target. Other rules are left to each evaluation, where both serve safe.
 */
export function raisedConflict(
  project: ProjectState,
  environment: string,
  definition: FlagDefinition,
): DomainError | undefined {
  const named = project.mentions.get(definition.key)?.conflictedBy ?? [];
  const conflicting = [...definition.conflicts, ...named].find((key) =>
    isUp(project.flags.get(key), environment),
  );
  if (conflicting === undefined) return undefined;
  return domainError('flag_conflict', { flag: definition.key, conflicting, environment });
}

function isUp(flag: FlagState | undefined, environment: string): boolean {
  const definition = flag?.definition.environments[environment];
  if (flag === undefined || flag.archived || definition === undefined) return false;
  const here = flag.environments[environment];
  if (here?.down === true) return false;
  const { safe } = flag.definition;
  if (isRaised(here?.rollout) || definition.serve !== safe) return true;
  return definition.rules.some(
    ({ if: condition, serve, split }) =>
      isEveryone(condition) &&
      (serve === undefined
        ? (split?.weights ?? []).some(([variant, weight]) => weight > 0 && variant !== safe)
        : serve !== safe),
  );
}
