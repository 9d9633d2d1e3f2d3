import type { RolloutState } from './types.ts';

/** `project/environment/flag#attempt`, unique for ever. */
export function rolloutId(
  rollout: Pick<RolloutState, 'project' | 'environment' | 'flag' | 'attempt'>,
): string {
  return `${rollout.project}/${rollout.environment}/${rollout.flag}#${rollout.attempt}`;
}
