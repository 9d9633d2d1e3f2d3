import type { FlagLibrary } from '../evaluate/library.ts';
import { couldLeaveSafe } from '../evaluate/stages/conflicts.ts';
import type { EvaluationContext } from '../evaluate/types.ts';
import type { SnapshotFlag } from '../snapshot/types.ts';
import { safely } from './condition.ts';
import type { ConflictsExplanation, Outcome } from './types.ts';

/** Whether this flag and those in conflict with it could leave safe. */
export function explainConflicts(
  flag: SnapshotFlag,
  library: FlagLibrary,
  context: EvaluationContext,
): ConflictsExplanation {
  const leavesSafe = (key: string): Outcome => {
    const program = library.program(key);
    return program !== undefined && safely(() => couldLeaveSafe(program, context));
  };
  const others = library
    .conflictsOf(flag.key)
    .map((other) => ({ flag: other, couldLeaveSafe: leavesSafe(other) }));
  return { own: others.length > 0 && leavesSafe(flag.key), others };
}
