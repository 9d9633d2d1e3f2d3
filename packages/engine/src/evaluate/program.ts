import { CAPABILITIES } from '../capabilities.ts';
import { UnknownConditionError } from '../condition/compile.ts';
import type { SnapshotFlag } from '../snapshot/types.ts';
import { codeDefault, failed } from './results.ts';
import { conflictsStage } from './stages/conflicts.ts';
import { downStage } from './stages/down.ts';
import { overridesStage } from './stages/overrides.ts';
import { requiresStage } from './stages/requires.ts';
import { rolloutStage } from './stages/rollout.ts';
import { rulesStage } from './stages/rules.ts';
import { serveStage } from './stages/serve.ts';
import type { FlagProgram, Stage, StageCompiler, World } from './stages/stage.ts';
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

type Evaluate = (context: EvaluationContext) => Evaluation;

/** Compiles a flag. Never throws: a flag this engine cannot read serves the code default. */
export function compileFlag(flag: SnapshotFlag, world: World): FlagProgram {
  try {
    const lacking = flag.capabilities.filter((capability) => !CAPABILITIES.includes(capability));
    if (lacking.length > 0) return unreadableProgram(flag, lackingCapabilities(lacking));
    const evaluate = compileStages(flag, world, false);
    let potential: Evaluate | undefined;
    // Only flags in conflict, and what those require, are ever asked for their potential.
    return {
      flag,
      evaluate,
      potential: (context) => (potential ??= compilePotential(flag, world))(context),
    };
  } catch (error) {
    return unreadableProgram(flag, unreadableFlag(error));
  }
}

/** A flag that this engine cannot read: one result for every context. */
export function unreadableProgram(flag: SnapshotFlag, result: Evaluation): FlagProgram {
  return { flag, unreadable: result, evaluate: () => result, potential: () => result };
}

/** What is down, or requires itself, was compiled without looking at its rules. */
function compilePotential(flag: SnapshotFlag, world: World): Evaluate {
  try {
    return compileStages(flag, world, true);
  } catch (error) {
    const result = unreadableFlag(error);
    return () => result;
  }
}

function compileStages(flag: SnapshotFlag, world: World, potential: boolean): Evaluate {
  const stages: Stage[] = [];
  for (const compile of STAGES) {
    const stage = compile(flag, world, potential);
    if (typeof stage === 'function') stages.push(stage);
    else if (stage !== undefined) return runInOrder(stages, stage);
  }
  return runInOrder(stages, failed('GENERAL', 'no stage decided'));
}

function runInOrder(stages: readonly Stage[], last: Evaluation): Evaluate {
  const [only] = stages;
  if (only === undefined) return () => last;
  if (stages.length === 1) return (context) => only(context) ?? last;
  return (context) => {
    for (const decides of stages) {
      const result = decides(context);
      if (result !== undefined) return result;
    }
    return last;
  };
}

function lackingCapabilities(lacking: readonly string[]): Evaluation {
  return codeDefault(`the flag needs capabilities that this engine lacks: ${lacking.join(', ')}`);
}

function unreadableFlag(error: unknown): Evaluation {
  if (error instanceof UnknownConditionError) return codeDefault(error.message);
  return failed('PARSE_ERROR', 'the flag could not be read');
}
