import { documentOf, type EventBody, type PastPut } from '@downhaul/control';
import type { LogStore } from '../store/contract.ts';

/** Who changed what before these is not looked for: whoever puts a document waits for it. */
const MOST_PUTS = 20;
const MOST_EVENTS = 500;
const MOST_CHARACTERS = 1 << 18;
const PAGE_SIZE = 20;

/**
 * The newest puts of a subject such as `default/flag:new-checkout` up to a position, the oldest first: at
 * most 20, out of 500 events and of 256 K characters.
 */
export async function pastPuts(
  store: LogStore,
  { subject, upTo }: { readonly subject: string; readonly upTo: number },
): Promise<readonly PastPut[]> {
  const puts: PastPut[] = [];
  let characters = 0;
  let before = upTo;
  for (let seen = 0; seen < MOST_EVENTS; seen += PAGE_SIZE) {
    const events = await store.readSubject({ subject, upTo: before, limit: PAGE_SIZE });
    for (const { body, position } of events) {
      characters += body.length;
      const put = pastPut(body, position);
      if (put === 'removed') return puts.reverse();
      if (put !== undefined) puts.push(put);
      if (puts.length >= MOST_PUTS || characters > MOST_CHARACTERS) return puts.reverse();
    }
    const last = events.at(-1);
    if (last === undefined || events.length < PAGE_SIZE) break;
    before = last.position - 1;
  }
  return puts.reverse();
}

/** What was removed in between has nothing to do with what has its key now. */
function pastPut(body: string, version: number): PastPut | 'removed' | undefined {
  const event = JSON.parse(body) as EventBody;
  if (event.type === 'segmentRemoved' || event.type === 'metricRemoved') return 'removed';
  const document = documentOf(event);
  const { actor, atMs } = event;
  return document === undefined ? undefined : { document, actor, atMs, version };
}
