import { CAPABILITIES } from '../capabilities.ts';
import { UnknownConditionError } from '../condition/compile.ts';
import type { SnapshotFlag } from '../snapshot/types.ts';
import { UnreadableFlag, type UnreadableSegment } from '../snapshot/unreadable.ts';
import { codeDefault, failed } from './results.ts';
import { conflictsStage } from './stages/conflicts.ts';
import { downStage } from './stages/down.ts';
import { overridesStage } from './stages/overrides.ts';
import { potentialRequiresStage, requiresStage } from './stages/requires.ts';
import { peakRolloutStage, rolloutStage } from './stages/rollout.ts';
import { rulesStage } from './stages/rules.ts';
import { serveStage } from './stages/serve.ts';
import type { FlagProgram, Potential, Stage, StageCompiler, World } from './stages/stage.ts';
import type { Evaluation, EvaluationContext } from './types.ts';

/** The stages of an evaluation in their order; the first that decides ends it. */
const STAGES: readonly StageCompiler[] = [
  downStage,
  overridesStage,
  conflictsStage,
  requiresStage,
  rulesStage,
  rolloutStage,
  serveStage,
];

const POTENTIAL_STAGES: readonly StageCompiler[] = [
  overridesStage,
  potentialRequiresStage,
  rulesStage,
];

/** Thrown where a flag asks for a segment that stands for one that could not be read. */
export class UnreadableSegmentError extends Error {
  override name = 'UnreadableSegmentError';

  constructor({ key, why }: UnreadableSegment) {
    super(`asks for segment ${key}, which ${why}`);
  }
}

type Evaluate = (context: EvaluationContext) => Evaluation;

/** Compiles a flag. Never throws: a flag this engine cannot read serves the code default. */
export function compileFlag(flag: SnapshotFlag, world: World): FlagProgram {
  try {
    const lacking = flag.capabilities.filter((capability) => !CAPABILITIES.includes(capability));
    if (lacking.length > 0) return unreadableProgram(flag, lackingCapabilities(lacking));
    if (flag instanceof UnreadableFlag) return unreadableProgram(flag, unreadableAs(flag.why));
    const evaluate = inOrder(compileStages(STAGES, flag, world));
    let potential: Potential | undefined;
    // Only flags in conflict, and what those require, are ever asked for their potential.
    return {
      flag,
      evaluate,
      potential: (context, accepts) =>
        (potential ??= compilePotential(flag, world))(context, accepts),
    };
  } catch (error) {
    return unreadableProgram(flag, unreadableFlag(error));
  }
}

/** A flag that this engine cannot read: one result for every context. */
export function unreadableProgram(flag: SnapshotFlag, result: Evaluation): FlagProgram {
  return {
    flag,
    unreadable: result,
    evaluate: () => result,
    potential: (_context, accepts) => accepts(result.variant),
  };
}

interface CompiledStages {
  readonly stages: readonly Stage[];
  /** The result of the first stage that decides for every context. */
  readonly last: Evaluation | undefined;
}

function compileStages(
  compilers: readonly StageCompiler[],
  flag: SnapshotFlag,
  world: World,
): CompiledStages {
  const stages: Stage[] = [];
  for (const compile of compilers) {
    const stage = compile(flag, world);
    if (typeof stage === 'function') stages.push(stage);
    else if (stage !== undefined) return { stages, last: stage };
  }
  return { stages, last: undefined };
}

/** What is down, or requires itself, was compiled without looking at its rules: here they may fail. */
function compilePotential(flag: SnapshotFlag, world: World): Potential {
  try {
    const { stages, last } = compileStages(POTENTIAL_STAGES, flag, world);
    const rollouts = compileStages([rolloutStage, peakRolloutStage], flag, world).stages;
    return (context, accepts) => {
      const decided = firstResult(stages, context) ?? last;
      if (decided !== undefined) return accepts(decided.variant);
      if (rollouts.length === 0) return accepts(flag.serve);
      return rollouts.some((rollout) => accepts(rollout(context)?.variant ?? flag.serve));
    };
  } catch {
    return (_context, accepts) => accepts(undefined);
  }
}

function inOrder({ stages, last }: CompiledStages): Evaluate {
  const serve = last ?? NOTHING_DECIDED;
  const [only] = stages;
  if (only === undefined) return () => serve;
  if (stages.length === 1) return (context) => only(context) ?? serve;
  return (context) => firstResult(stages, context) ?? serve;
}

function firstResult(stages: readonly Stage[], context: EvaluationContext): Evaluation | undefined {
  for (const decides of stages) {
    const result = decides(context);
    if (result !== undefined) return result;
  }
  return undefined;
}

const NOTHING_DECIDED = failed('GENERAL', 'no stage decided');

function lackingCapabilities(lacking: readonly string[]): Evaluation {
  return codeDefault(`the flag needs capabilities that this engine lacks: ${lacking.join(', ')}`);
}

function unreadableFlag(error: unknown): Evaluation {
  if (error instanceof UnknownConditionError) return codeDefault(error.message);
  if (error instanceof UnreadableSegmentError) return unreadableAs(error.message);
  return unreadableAs('could not be read');
}

function unreadableAs(why: string): Evaluation {
  return failed('PARSE_ERROR', `the flag ${why}`);
}
