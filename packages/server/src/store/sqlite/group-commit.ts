import type { AppendOutcome, AppendRequest } from '../contract.ts';
import { StoreFullError } from '../errors.ts';
import type { AppendResult, LogTable } from './log-table.ts';
import type { SpaceKeeper } from './space.ts';

interface CommitParts {
  readonly nowMs: () => number;
  readonly space: SpaceKeeper;
}

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
  parts: CommitParts & { readonly noteDurable: () => void },
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
      commit(log, group, parts);
      parts.noteDurable();
      schedule();
    });
  }
}

function commit(log: LogTable, group: readonly Waiting[], { nowMs, space }: CommitParts): void {
  let admitted = group;
  let results;
  try {
    results = space.write('change', () => append(log, group, nowMs()));
  } catch (error) {
    // What is urgent goes alone then, and may take the reserve.
    admitted = error instanceof StoreFullError ? group.filter(isUrgent) : [];
    for (const each of group) if (!admitted.includes(each)) each.reject(error);
    if (admitted.length === 0) return;
    try {
      results = space.write('down', () => append(log, admitted, nowMs()));
    } catch (again) {
      for (const { reject } of admitted) reject(again);
      return;
    }
  }
  settle(admitted, results);
}

function isUrgent({ request }: Waiting): boolean {
  return request.urgent === true;
}

function append(log: LogTable, group: readonly Waiting[], nowMs: number): readonly AppendResult[] {
  return log.append(
    group.map(({ request }) => request),
    nowMs,
  );
}

function settle(group: readonly Waiting[], results: readonly AppendResult[]): void {
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
