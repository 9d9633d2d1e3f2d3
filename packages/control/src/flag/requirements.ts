import { domainError } from '../error/domain-error.ts';
import type { DomainError } from '../error/types.ts';
import { isRaised } from '../rollout/transitions.ts';
import type { FlagState, ProjectState } from '../state/types.ts';
import type { FlagDefinition } from './types.ts';

/**
 * Why a flag may not be raised in an environment by what it requires: each required flag must exist, be
 * up, and serve the named variant to somebody, as its `serve`, by a rule or by a rollout past its
 * baseline. Whether a given unit gets it is asked at each evaluation.
 */
export function unmetRequirement(
  project: ProjectState,
  environment: string,
  definition: FlagDefinition,
): DomainError | undefined {
  for (const [index, { flag: required, variant }] of definition.requires.flags.entries()) {
    const why = whyUnmet(project.flags.get(required), environment, variant);
    if (why === undefined) continue;
    const facts = { flag: definition.key, required, variant, why, environment };
    return domainError('flag_requirement_unmet', facts, { path: `/requires/flags/${index}` });
  }
  return undefined;
}

function whyUnmet(
  flag: FlagState | undefined,
  environment: string,
  variant: string,
): string | undefined {
  if (flag === undefined || flag.archived) return 'does not exist';
  if (flag.definition.environments[environment] === undefined) return 'is not there';
  if (flag.environments[environment]?.down === true) return 'is down';
  return serves(flag, environment, variant) ? undefined : 'serves it to nobody';
}

function serves(flag: FlagState, environment: string, variant: string): boolean {
  const definition = flag.definition.environments[environment];
  const rollout = flag.environments[environment]?.rollout;
  if (definition === undefined) return false;
  if (isRaised(rollout) && rollout.stage >= 0 && rollout.to === variant) return true;
  const ruled = definition.rules.some(
    ({ serve, split }) =>
      serve === variant || split?.weights.some(([name, weight]) => name === variant && weight > 0),
  );
  // A rollout that was rolled back serves its control to all, whatever `serve` has become.
  return (
    ruled || (rollout?.status === 'rolledBack' ? rollout.control : definition.serve) === variant
  );
}
