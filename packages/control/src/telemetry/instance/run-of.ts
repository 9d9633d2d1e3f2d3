import type { InstanceState } from './types.ts';

/** Reports lost at a stretch, at most: a number further ahead continues nothing that is known. */
const MAX_AHEAD = 10_000;
/** An instance keeps a handful of reports to be repeated: a number further back is none of them. */
const MAX_BEHIND = 1_000;

interface NumberedReport {
  readonly sequence: number;
  /** Store's clock; absent: the sender does not say. */
  readonly throughMs?: number;
}

/**
 * Which run of an instance a report belongs to, counted from 0. Numbers and what they cover rise together
 * within a run. So a number far from the last, or a lower one that covers what is later than all before,
 * was given by a process that began to count anew under the same name (or by somebody who made it up), and
 * neither may make the other's reports repetitions for ever.
 */
export function runOf(
  instance: InstanceState | undefined,
  { sequence, throughMs }: NumberedReport,
  { reportIntervalMs }: { readonly reportIntervalMs: number },
): number {
  if (instance === undefined) return 0;
  const { run = 0, runSinceMs = 0, lastSequence } = instance;
  if (run > 0 && throughMs !== undefined && throughMs <= runSinceMs) return run - 1;
  if (sequence > lastSequence + MAX_AHEAD) return run + 1;
  if (sequence > lastSequence) return run;
  if (sequence + MAX_BEHIND < lastSequence) return run + 1;
  const isLater = throughMs !== undefined && throughMs > instance.throughMs + reportIntervalMs;
  return isLater ? run + 1 : run;
}

/**
 * An instance counts anew. What it acknowledged before was another process's word, so it has to say again
 * which version it uses; a goodbye of before is not this one's.
 */
export function beginRun(
  instance: InstanceState,
  run: number,
  first: { readonly sequence: number; readonly throughMs: number },
): void {
  instance.run = run;
  // Its own first report is never taken for one of the run before.
  instance.runSinceMs = Math.min(instance.throughMs, first.throughMs - 1);
  instance.runBase = first.sequence - 1;
  instance.lastSequence = instance.runBase;
  instance.gaps.length = 0;
  instance.awaited.length = 0;
  instance.acknowledged.length = 0;
  delete instance.left;
}
