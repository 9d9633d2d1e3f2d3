import type { TelemetryState } from '../state.ts';
import type { FoldFault } from './types.ts';

/** Hears of every fault when it is folded, with the error itself. */
export type FaultListener = (fault: FoldFault, error: unknown) => void;

const MAX_TEXT = 300;

/**
 * Keeps in the state that the row at hand could not be folded, for one rollout or, where nobody can tell for
 * which, for all. The fault is part of what is folded: whoever folds the same rows knows of it.
 */
export function noteFault(
  state: TelemetryState,
  { rollout, error }: { readonly rollout?: string | undefined; readonly error: unknown },
): FoldFault {
  const known = rollout === undefined ? state.unattributed : state.faults.get(rollout);
  const { throughSequence: sequence, atMs } = state;
  const isSameRow = known?.sequence === sequence;
  const fault: FoldFault = {
    sequence,
    firstAtMs: known?.firstAtMs ?? atMs,
    lastAtMs: atMs,
    rows: (known?.rows ?? 0) + (isSameRow ? 0 : 1),
    text: known?.text ?? textOf(error),
  };
  if (rollout === undefined) state.unattributed = fault;
  else state.faults.set(rollout, fault);
  return fault;
}

function textOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, MAX_TEXT);
}
