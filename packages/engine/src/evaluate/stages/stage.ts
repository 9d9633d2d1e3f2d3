import type { Matcher } from '../../condition/operators/operator.ts';
import type { UnitHasher } from '../../hash/unit-hash.ts';
import type { SnapshotFlag } from '../../snapshot/types.ts';
import type { Evaluation, EvaluationContext } from '../types.ts';

/** One step of an evaluation: a result, or undefined to go on with the next step. */
export type Stage = (context: EvaluationContext) => Evaluation | undefined;

/**
 * Compiles a flag's part in a stage; undefined if the flag has none. A result in place of a function
 * decides for every context: no later stage is compiled, let alone run.
 */
export type StageCompiler = (flag: SnapshotFlag, world: World) => Stage | Evaluation | undefined;

/** A compiled flag. Its functions may throw only where reading the context throws. */
export interface FlagProgram {
  readonly flag: SnapshotFlag;
  /** The result for every context, where this engine cannot read the flag. */
  readonly unreadable?: Evaluation | undefined;
  readonly evaluate: (context: EvaluationContext) => Evaluation;
  readonly potential: Potential;
}

/**
 * Whether a variant that `accepts` is among those a flag could serve to a context now or at the height
 * its rollout has reached, if nothing were down. Conflicts are judged by this.
 */
export type Potential = (context: EvaluationContext, accepts: VariantTest) => boolean;

export type VariantTest = (variant: string | undefined) => boolean;

/** What a flag may refer to while it is compiled. */
export interface World {
  readonly unitHasher: UnitHasher;
  segment(key: string): Matcher;
  program(key: string): FlagProgram | undefined;
  /** Flags in conflict with this one, whichever of the two says so. */
  conflictsOf(key: string): readonly string[];
  /** Why a flag's requirements cannot be met at all: it requires itself, or too much. */
  requirementProblem(key: string): string | undefined;
}
