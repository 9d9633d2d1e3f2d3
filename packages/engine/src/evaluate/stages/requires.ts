import type { SnapshotFlag } from '../../snapshot/types.ts';
import { served } from '../results.ts';
import type { Potential, StageCompiler, VariantTest, World } from './stage.ts';

/** Every required flag must serve the named variant to this very context; else safe. */
export const requiresStage: StageCompiler = (flag, world) => {
  if (flag.requires.length === 0) return undefined;
  const unmet = unmetResult(flag);
  if (world.requirementProblem(flag.key) !== undefined) return unmet;
  const requirements = flag.requires.map(({ flag: key, variant }) => ({
    evaluate: world.program(key)?.evaluate,
    variant,
  }));
  return (context) => {
    for (const { evaluate, variant } of requirements) {
      if (evaluate?.(context).variant !== variant) return unmet;
    }
    return undefined;
  };
};

/** The same for what the flag could serve: every required flag could serve the named variant. */
export const potentialRequiresStage: StageCompiler = (flag, world) => {
  if (flag.requires.length === 0) return undefined;
  const unmet = unmetResult(flag);
  if (world.requirementProblem(flag.key) !== undefined) return unmet;
  const requirements = potentialRequirements(flag, world);
  return (context) => {
    for (const { potential, accepts } of requirements) {
      if (potential?.(context, accepts) !== true) return unmet;
    }
    return undefined;
  };
};

function unmetResult(flag: SnapshotFlag) {
  return served(flag, flag.safe, { reason: 'DEFAULT', rule: 'requires' });
}

function potentialRequirements(flag: SnapshotFlag, world: World) {
  return flag.requires.map(
    ({ flag: key, variant }): { potential?: Potential; accepts: VariantTest } => {
      const accepts: VariantTest = (served) => served === variant;
      const program = world.program(key);
      if (program === undefined) return { accepts };
      // Anything may serve safe at any time: by going down.
      if (program.flag.safe === variant) return { potential: () => true, accepts };
      return { potential: program.potential, accepts };
    },
  );
}
