import type { EvaluationContext } from '../types.ts';
import { served } from '../results.ts';
import type { FlagProgram, Stage, StageCompiler } from './stage.ts';

/**
 * If this flag and one in conflict with it would both leave safe, both serve safe. Judged by what they
 * could serve, not by what they do: taking one down or back must not start the other.
 */
export const conflictsStage: StageCompiler = (flag, world) => {
  const conflicting = world.conflictsOf(flag.key);
  if (conflicting.length === 0) return undefined;
  const result = served(flag, flag.safe, { reason: 'DEFAULT', rule: 'conflict' });
  return whenFirstUsed(() => {
    const own = world.program(flag.key);
    const others = conflicting
      .map((key) => world.program(key))
      .filter((other) => other !== undefined);
    return (context) => {
      if (own === undefined || !couldLeaveSafe(own, context)) return undefined;
      return others.some((other) => couldLeaveSafe(other, context)) ? result : undefined;
    };
  });
};

/** True if the flag could serve this context something else than its safe variant. */
export function couldLeaveSafe(
  { flag, potential }: FlagProgram,
  context: EvaluationContext,
): boolean {
  return potential(context, (variant) => variant !== undefined && variant !== flag.safe);
}

/** Conflicts are mutual, so the programs cannot be had of each other while they are being compiled. */
function whenFirstUsed(compile: () => Stage): Stage {
  let stage: Stage | undefined;
  return (context) => (stage ??= compile())(context);
}
