import type { LogEntry } from './api.ts';
import type { StageChange } from './record-counts.ts';

/** How a flag's rollout stood from each position on, read from the log. */
export function stageChanges(events: readonly LogEntry[]): StageChange[] {
  const changes: StageChange[] = [];
  for (const { position, body } of events) {
    if (body.type === 'rolloutStageEntered') changes.push({ position, stage: body.stage });
    // What comes after a rollback is measured only until it is proven, and is no stage.
    if (body.type === 'rolloutRolledBack') changes.push({ position, stage: undefined });
  }
  return changes;
}
