import type { FlagLibrary } from '../evaluate/library.ts';
import { failed } from '../evaluate/results.ts';
import type { EvaluationContext } from '../evaluate/types.ts';
import type { SnapshotFlag } from '../snapshot/types.ts';
import { explainConflicts } from './conflicts.ts';
import { decide } from './decide.ts';
import { explainOverrides } from './overrides.ts';
import { explainRollout } from './rollout.ts';
import { explainRules } from './rules.ts';
import type {
  Explanation,
  ExplanationDetails,
  Outcome,
  RequirementExplanation,
  RequiresExplanation,
} from './types.ts';

/**
 * Evaluates a flag again, slowly, keeping everything it looks at. It shares the operators and the hash
 * with the compiled flag, not its decisions, and must always agree with it.
 */
export function explainFlag(
  library: FlagLibrary,
  flagKey: string,
  context: EvaluationContext,
): Explanation {
  const { project, environment, version } = library.snapshot;
  const subject = { flag: flagKey, project, environment, version };
  const program = library.program(flagKey);
  if (program === undefined) {
    const evaluation = failed('FLAG_NOT_FOUND', `flag ${flagKey} is not in this environment`);
    return { ...subject, decidedBy: 'missing', evaluation };
  }
  const { flag, unreadable } = program;
  const described = { ...subject, flagVersion: flag.version };
  if (unreadable !== undefined) {
    return { ...described, decidedBy: 'capabilities', evaluation: unreadable };
  }
  const details = explainDetails(flag, library, context);
  return { ...described, ...decide(flag, details), details };
}

function explainDetails(
  flag: SnapshotFlag,
  library: FlagLibrary,
  context: EvaluationContext,
): ExplanationDetails {
  const scope = { segments: library.snapshot.segments, context };
  const details = {
    serve: flag.serve,
    safe: flag.safe,
    down: flag.down,
    overrides: explainOverrides(flag, library.snapshot.unitSalt, context),
    conflicts: explainConflicts(flag, library, context),
    requires: explainRequires(flag, library, context),
    rules: explainRules(flag, scope),
  };
  if (flag.rollout === undefined) return details;
  return { ...details, rollout: explainRollout(flag.rollout, scope) };
}

function explainRequires(
  flag: SnapshotFlag,
  library: FlagLibrary,
  context: EvaluationContext,
): RequiresExplanation {
  const problem = flag.requires.length > 0 ? library.requirementProblem(flag.key) : undefined;
  if (problem !== undefined) return { problem, flags: [] };
  return {
    flags: flag.requires.map(({ flag: key, variant }): RequirementExplanation => {
      const { evaluation, decidedBy } = explainFlag(library, key, context);
      const met: Outcome = decidedBy === 'context' ? 'unreadable' : evaluation.variant === variant;
      const requirement = { flag: key, variant, decidedBy, met };
      if (evaluation.variant === undefined) return requirement;
      return { ...requirement, served: evaluation.variant };
    }),
  };
}
