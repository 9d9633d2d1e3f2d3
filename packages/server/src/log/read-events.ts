import { setImmediate as nextTurn } from 'node:timers/promises';
import type { LogStore, StoredEvent } from '../store/contract.ts';

const PAGE_SIZE = 2_000;

/** All events behind a position, in their order; others get their turn between the pages. */
export async function* readEvents(
  store: Pick<LogStore, 'readLog'>,
  after: number,
): AsyncGenerator<StoredEvent> {
  for (let from = after; ;) {
    const events = await store.readLog({ after: from, limit: PAGE_SIZE });
    yield* events;
    const last = events.at(-1);
    if (!last || events.length < PAGE_SIZE) return;
    from = last.position;
    await nextTurn();
  }
}
