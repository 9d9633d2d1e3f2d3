import { explainFlag } from '../explain/explain.ts';
import type { Explanation } from '../explain/types.ts';
import { changedFlags } from '../snapshot/changed-flags.ts';
import type { Snapshot } from '../snapshot/types.ts';
import { FlagLibrary } from './library.ts';
import { failed, UNREADABLE_CONTEXT } from './results.ts';
import type { FlagProgram } from './stages/stage.ts';
import type { Evaluation, EvaluationContext } from './types.ts';

/** A flag resolved once, for hot paths. It stays with the snapshot it was taken from. */
export interface FlagHandle {
  readonly key: string;
  /** As `Evaluator.evaluate` of this flag. */
  readonly evaluate: (context: EvaluationContext) => Evaluation;
}

/** Evaluates the flags of one snapshot. Immutable to its callers; nothing in it throws. */
export interface Evaluator {
  readonly snapshot: Snapshot;
  /** The keys of all flags, in the order of `evaluateAll`. */
  readonly flagKeys: readonly string[];
  /** What a flag is for a context; the reason is ERROR for an unknown flag and a context that throws. */
  evaluate(flagKey: string, context: EvaluationContext): Evaluation;
  handle(flagKey: string): FlagHandle;
  /** Every flag for one context, in the order of `flagKeys`. */
  evaluateAll(context: EvaluationContext): readonly Evaluation[];
  /** Why `evaluate` gives what it gives, with everything that was looked at. */
  explain(flagKey: string, context: EvaluationContext): Explanation;
}

/** Makes an evaluator. Flags are compiled when they are first evaluated. */
export function compile(snapshot: Snapshot): Evaluator {
  return new LibraryEvaluator(new FlagLibrary(snapshot));
}

/**
 * An evaluator for a later snapshot that keeps the compiled flags of an earlier one, which stays usable.
 * `changed` must name every affected flag, as `changedFlags` does; without it they are found by comparing.
 */
export function recompile(
  evaluator: Evaluator,
  snapshot: Snapshot,
  changed: Iterable<string> = changedFlags(evaluator.snapshot, snapshot),
): Evaluator {
  if (!(evaluator instanceof LibraryEvaluator)) return compile(snapshot);
  return evaluator.withSnapshot(snapshot, changed);
}

class LibraryEvaluator implements Evaluator {
  readonly snapshot: Snapshot;
  readonly #library: FlagLibrary;
  #flagKeys: readonly string[] | undefined;
  #programs: readonly FlagProgram[] | undefined;

  constructor(library: FlagLibrary) {
    this.snapshot = library.snapshot;
    this.#library = library;
  }

  get flagKeys(): readonly string[] {
    return (this.#flagKeys ??= Object.keys(this.snapshot.flags));
  }

  evaluate(flagKey: string, context: EvaluationContext): Evaluation {
    const program = this.#library.program(flagKey);
    return program === undefined ? flagNotFound(flagKey) : run(program, context);
  }

  handle(flagKey: string): FlagHandle {
    const evaluate = this.#library.program(flagKey)?.evaluate;
    if (evaluate !== undefined) return { key: flagKey, evaluate: guarded(evaluate) };
    const missing = flagNotFound(flagKey);
    return { key: flagKey, evaluate: () => missing };
  }

  evaluateAll(context: EvaluationContext): readonly Evaluation[] {
    this.#programs ??= this.flagKeys
      .map((key) => this.#library.program(key))
      .filter((program) => program !== undefined);
    return this.#programs.map((program) => run(program, context));
  }

  explain(flagKey: string, context: EvaluationContext): Explanation {
    return explainFlag(this.#library, flagKey, context);
  }

  withSnapshot(snapshot: Snapshot, changed: Iterable<string>): Evaluator {
    return new LibraryEvaluator(this.#library.withSnapshot(snapshot, changed));
  }
}

/** Contexts come from the host's code: a getter or proxy in one may throw. */
function run(program: FlagProgram, context: EvaluationContext): Evaluation {
  try {
    return program.evaluate(context);
  } catch {
    return UNREADABLE_CONTEXT;
  }
}

/** The same as `run`, with one call less on the way. */
function guarded(evaluate: FlagProgram['evaluate']): FlagProgram['evaluate'] {
  return (context) => {
    try {
      return evaluate(context);
    } catch {
      return UNREADABLE_CONTEXT;
    }
  };
}

function flagNotFound(flagKey: string): Evaluation {
  return failed('FLAG_NOT_FOUND', `flag ${flagKey} is not in this environment`);
}
