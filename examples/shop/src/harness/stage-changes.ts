import type { LogEntry } from './api.ts';
import type { StageChange } from './record-counts.ts';

/** How a flag's rollout stood from each position on, read from the log. */
export function stageChanges(events: readonly LogEntry[]): StageChange[] {
  const changes: StageChange[] = [];
  for (const { position, body } of events) {
    if (body.type === 'rolloutStarted') changes.push({ position, stage: -1 });
    if (body.type === 'rolloutStageEntered') changes.push({ position, stage: body.stage });
    // After a rollback units are measured only until it is proven: there is nothing to hold against.
    if (body.type === 'rolloutRolledBack') changes.push({ position, stage: undefined });
  }
  return changes;
}
