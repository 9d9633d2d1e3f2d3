import type { FlagDefinition } from './types.ts';

/** Whether a variant is the one that going down serves: a rollout to it would have no way back. */
export function isSafeVariant(
  { safe }: Pick<FlagDefinition, 'safe'>,
  variant: string | undefined,
): boolean {
  return variant === safe;
}
