import { changesOf, type DomainError } from '@downhaul/control';
import type { JsonValue } from '@downhaul/engine';
import { pastPuts } from '../log/past-puts.ts';
import type { LogStore } from '../store/contract.ts';

/** What a conflict of versions says of each subject that moved. */
interface Moved {
  readonly subject: string;
  readonly expected: number;
}

/** A refusal in which each subject that moved also says who changed what of it since it was read. */
export async function withMeanwhile(
  store: LogStore,
  project: string,
  error: DomainError,
): Promise<DomainError> {
  const { details } = error;
  if (typeof details !== 'object' || details === null || Array.isArray(details)) return error;
  const { moved, problems } = details as { readonly [name: string]: JsonValue };
  if (Array.isArray(problems)) {
    const all = problems as unknown as readonly DomainError[];
    const told = await Promise.all(all.map((each) => withMeanwhile(store, project, each)));
    return { ...error, details: { problems: told as unknown as JsonValue } };
  }
  if (error.code !== 'version_conflict' || !Array.isArray(moved)) return error;
  const subjects = moved as unknown as readonly Moved[];
  const told = await Promise.all(
    subjects.map(async (each) => ({
      ...each,
      meanwhile: await changesSince(store, `${project}/${each.subject}`, each.expected),
    })),
  );
  return { ...error, details: { moved: told as unknown as JsonValue } };
}

async function changesSince(store: LogStore, subject: string, version: number): Promise<JsonValue> {
  const { position } = await store.head();
  const puts = await pastPuts(store, { subject, upTo: position });
  return puts.flatMap(({ document, actor, atMs, version: at }, index) => {
    const before = puts[index - 1];
    if (at <= version) return [];
    const changes = before === undefined ? [] : changesOf(before.document, document);
    return [{ version: at, by: { ...actor }, atMs, changes: changes.map(({ text }) => text) }];
  });
}
