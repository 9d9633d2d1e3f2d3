import type { AppendOutcome, AppendRequest } from '../contract.ts';
import type { LogTable } from './log-table.ts';

/** Requests of one transaction at the most: a bound on how long the event loop is kept. */
const MAX_GROUP = 64;

interface GroupCommit {
  append<Refusal>(request: AppendRequest<Refusal>): Promise<AppendOutcome<Refusal>>;
}

interface Waiting {
  readonly request: AppendRequest<unknown>;
  readonly resolve: (outcome: AppendOutcome<unknown>) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Appends asked for in one turn of the event loop share a transaction, and so one wait for the disk.
 * Urgent ones are decided first.
 */
export function createGroupCommit(
  log: LogTable,
  { nowMs, noteDurable }: { readonly nowMs: () => number; readonly noteDurable: () => void },
): GroupCommit {
  const urgent: Waiting[] = [];
  const others: Waiting[] = [];
  let scheduled = false;
  return {
    append: <Refusal>(request: AppendRequest<Refusal>) =>
      new Promise<AppendOutcome<Refusal>>((resolve, reject) => {
        const waiting = { request, resolve: resolve as Waiting['resolve'], reject };
        (request.urgent === true ? urgent : others).push(waiting);
        schedule();
      }),
  };

  function schedule(): void {
    if (scheduled || urgent.length + others.length === 0) return;
    scheduled = true;
    setImmediate(() => {
      scheduled = false;
      const group = urgent.splice(0, MAX_GROUP);
      group.push(...others.splice(0, MAX_GROUP - group.length));
      commit(log, group, nowMs());
      noteDurable();
      schedule();
    });
  }
}

function commit(log: LogTable, group: readonly Waiting[], nowMs: number): void {
  let results;
  try {
    results = log.append(
      group.map(({ request }) => request),
      nowMs,
    );
  } catch (error) {
    for (const { reject } of group) reject(error);
    return;
  }
  results.forEach((result, index) => {
    const waiting = group[index];
    if (waiting && result.ok && result.outcome.kind === 'appended') {
      waiting.request.committed(result.outcome.events);
    }
  });
  results.forEach((result, index) => {
    if (result.ok) group[index]?.resolve(result.outcome);
    else group[index]?.reject(result.error);
  });
}
