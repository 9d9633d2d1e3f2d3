import type { EventBody } from '@downhaul/control';
import { genuine } from '../store/chain.ts';
import type { LogStore, StoredEvent } from '../store/contract.ts';

/** An event as the API shows it: its hashes are of `body` exactly as stored. */
interface LogEntry {
  readonly position: number;
  readonly previousHash: string;
  readonly hash: string;
  readonly subject: string;
  readonly body: EventBody;
  /** The text of the justification, null where it was erased. */
  readonly justification?: string | null;
}

export async function toLogEntry(store: LogStore, event: StoredEvent): Promise<LogEntry> {
  const body = JSON.parse(event.body) as EventBody;
  const { position, previousHash, hash, subject } = event;
  const entry = { position, previousHash, hash, subject, body };
  if (!body.justification) return entry;
  const { page: id, mac } = body.justification;
  return { ...entry, justification: genuine(await store.readPage(id), mac)?.content ?? null };
}
