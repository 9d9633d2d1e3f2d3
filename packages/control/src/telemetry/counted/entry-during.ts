import type { HistoryEntry } from '../rollout/history.ts';
import type { RolloutTelemetry } from '../rollout/types.ts';

/** The stage and shares in force through a whole time; undefined where they changed, or before the rollout. */
export function entryDuring(
  { history }: Pick<RolloutTelemetry, 'history'>,
  fromMs: number,
  toMs: number,
): HistoryEntry | undefined {
  const entry = history.findLast(({ atMs }) => atMs <= fromMs);
  return history.some(({ atMs }) => atMs > fromMs && atMs < toMs) ? undefined : entry;
}
