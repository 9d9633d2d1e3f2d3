import type { EventBody } from '@downhaul/control';
import { type LogReader, shownEvent } from '../log/shown-event.ts';
import { genuine } from '../store/chain.ts';
import type { LogStore, StoredEvent } from '../store/contract.ts';

/** An event as the API shows it: its hashes are of `body` exactly as stored, unless it is `partial`. */
interface LogEntry {
  readonly position: number;
  readonly previousHash: string;
  readonly hash: string;
  readonly subject: string;
  readonly body: EventBody;
  /** The text of the justification, null where it was erased. */
  readonly justification?: string | null;
  readonly partial?: true;
}

/** Undefined for an event that the reader may not see. */
export async function toLogEntry(
  store: LogStore,
  event: StoredEvent,
  reader: LogReader,
): Promise<LogEntry | undefined> {
  const { position, previousHash, hash, subject } = event;
  const shown = await shownEvent(JSON.parse(event.body) as EventBody, reader);
  if (shown === undefined) return undefined;
  const { body } = shown;
  const entry = { position, previousHash, hash, subject, ...shown };
  if (!body.justification) return entry;
  const { page: id, mac } = body.justification;
  return { ...entry, justification: genuine(await store.readPage(id), mac)?.content ?? null };
}
