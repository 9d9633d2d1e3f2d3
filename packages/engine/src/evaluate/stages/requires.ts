import { served } from '../results.ts';
import type { StageCompiler } from './stage.ts';

/** Every required flag must serve the named variant to this very context; else safe. */
export const requiresStage: StageCompiler = (flag, world, potential) => {
  if (flag.requires.length === 0) return undefined;
  const unmet = served(flag, flag.safe, { reason: 'DEFAULT', rule: 'requires' });
  if (world.requirementProblem(flag.key) !== undefined) return unmet;
  const requirements = flag.requires.map(({ flag: key, variant }) => {
    const program = world.program(key);
    return { evaluate: potential ? program?.potential : program?.evaluate, variant };
  });
  return (context) => {
    for (const { evaluate, variant } of requirements) {
      if (evaluate?.(context).variant !== variant) return unmet;
    }
    return undefined;
  };
};
