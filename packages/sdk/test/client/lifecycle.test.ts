import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createDiagnostics } from '../../src/client/diagnostics.ts';
import { Lifecycle } from '../../src/client/lifecycle.ts';
import type { DownhaulState } from '../../src/client/types.ts';
import { SnapshotHolder } from '../../src/snapshot/holder.ts';
import { createClock } from '../../src/timing/clock.ts';
import { booleanFlag, snapshotOf } from '../support/snapshots.ts';

const START_TIMEOUT_MS = 5_000;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function makeLifecycle() {
  const holder = new SnapshotHolder();
  const logger = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const diagnostics = createDiagnostics({
    clock: createClock(undefined),
    logger,
    onEvent: undefined,
  });
  const settings = { holder, diagnostics, startTimeoutMs: START_TIMEOUT_MS, problem: undefined };
  return { holder, lifecycle: new Lifecycle(settings) };
}

type Parts = ReturnType<typeof makeLifecycle>;

const snapshot = snapshotOf(1, [booleanFlag('flag')]);

/** Everything that can happen to a client. */
const EVENTS = {
  'a copy on disk': ({ holder, lifecycle }: Parts) => {
    if (!holder.current) holder.adopt(snapshot, 'disk');
    lifecycle.localRead();
  },
  'no copy on disk': ({ lifecycle }: Parts) => lifecycle.localRead(),
  'a snapshot of the server': ({ holder }: Parts) => holder.adopt(snapshot, 'stream'),
  'the server is away': ({ lifecycle }: Parts) => lifecycle.contact('cut off', 'ordered'),
  'the token is refused': ({ lifecycle }: Parts) => lifecycle.contact('denied', 'ordered'),
  'the start time-out': () => vi.advanceTimersByTime(START_TIMEOUT_MS),
  'closing begins': ({ lifecycle }: Parts) => lifecycle.closing(),
  'closing ends': ({ holder, lifecycle }: Parts) => {
    holder.release();
    lifecycle.closed();
  },
  'it is opened again': ({ lifecycle }: Parts) => lifecycle.reopen(),
} satisfies Record<string, (parts: Parts) => void>;

type Event = keyof typeof EVENTS;

/** How each state is come to, and where each event leads from there. */
const TABLE: Readonly<
  Record<string, { state: DownhaulState; way: Event[]; to: Partial<Record<Event, DownhaulState>> }>
> = {
  starting: {
    state: 'starting',
    way: [],
    to: {
      'a copy on disk': 'starting',
      'no copy on disk': 'starting',
      'a snapshot of the server': 'ready',
      'the server is away': 'starting',
      'the token is refused': 'error',
      'the start time-out': 'error',
    },
  },
  'starting with a copy': {
    state: 'starting',
    way: ['a copy on disk'],
    to: {
      'a copy on disk': 'starting',
      'no copy on disk': 'starting',
      'a snapshot of the server': 'ready',
      'the server is away': 'stale',
      'the token is refused': 'error',
      'the start time-out': 'stale',
    },
  },
  ready: {
    state: 'ready',
    way: ['a snapshot of the server'],
    to: {
      'a copy on disk': 'ready',
      'no copy on disk': 'ready',
      'a snapshot of the server': 'ready',
      'the server is away': 'stale',
      'the token is refused': 'error',
      'the start time-out': 'ready',
    },
  },
  stale: {
    state: 'stale',
    way: ['a snapshot of the server', 'the server is away'],
    to: {
      'a copy on disk': 'stale',
      'no copy on disk': 'stale',
      'a snapshot of the server': 'ready',
      'the server is away': 'stale',
      'the token is refused': 'error',
      'the start time-out': 'stale',
    },
  },
  error: {
    state: 'error',
    way: ['the start time-out'],
    to: {
      'a copy on disk': 'stale',
      'no copy on disk': 'error',
      'a snapshot of the server': 'ready',
      'the server is away': 'error',
      'the token is refused': 'error',
      'the start time-out': 'error',
    },
  },
  closing: {
    state: 'closing',
    way: ['a snapshot of the server', 'closing begins'],
    to: {
      'a copy on disk': 'closing',
      'no copy on disk': 'closing',
      'a snapshot of the server': 'closing',
      'the server is away': 'closing',
      'the token is refused': 'closing',
      'the start time-out': 'closing',
    },
  },
  closed: {
    state: 'closed',
    way: ['a snapshot of the server', 'closing begins', 'closing ends'],
    to: {
      'a copy on disk': 'closed',
      'no copy on disk': 'closed',
      'a snapshot of the server': 'closed',
      'the server is away': 'closed',
      'the token is refused': 'closed',
      'the start time-out': 'closed',
      'it is opened again': 'starting',
    },
  },
  'opened again': {
    state: 'starting',
    way: ['a snapshot of the server', 'closing begins', 'closing ends', 'it is opened again'],
    to: {
      'a copy on disk': 'starting',
      'no copy on disk': 'starting',
      'a snapshot of the server': 'ready',
      'the server is away': 'starting',
      'the token is refused': 'error',
      'the start time-out': 'error',
    },
  },
};

/** From every state there is. */
const ALWAYS: Partial<Record<Event, DownhaulState>> = {
  'closing begins': 'closing',
  'closing ends': 'closed',
};

describe('the states of a client', () => {
  for (const [name, { state, way, to }] of Object.entries(TABLE)) {
    for (const [event, next] of Object.entries({ ...ALWAYS, ...to }) as [Event, DownhaulState][]) {
      // What is closed is not closed again: `Runtime.close` answers with the closing there was.
      if (name === 'closed' && event === 'closing begins') continue;
      it(`${name}: ${event} leads to ${next}`, () => {
        const parts = makeLifecycle();
        for (const step of way) EVENTS[step](parts);
        expect(parts.lifecycle.state).toBe(state);
        EVENTS[event](parts);
        expect(parts.lifecycle.state).toBe(next);
      });
    }
  }

  it('a wait for the start ends when it is closed, and a later start is waited for anew', async () => {
    const { holder, lifecycle } = makeLifecycle();
    const first = lifecycle.ready();
    lifecycle.closing();
    lifecycle.closed();
    await first;
    lifecycle.reopen();
    let isReady = false;
    const second = lifecycle.ready().then(() => (isReady = true));
    await vi.advanceTimersByTimeAsync(START_TIMEOUT_MS - 1);
    expect(isReady).toBe(false);
    holder.adopt(snapshot, 'stream');
    await second;
    expect(lifecycle.state).toBe('ready');
  });

  it('the time-out of an earlier start does not end a later one', () => {
    const { lifecycle } = makeLifecycle();
    vi.advanceTimersByTime(START_TIMEOUT_MS - 1);
    lifecycle.closing();
    lifecycle.closed();
    lifecycle.reopen();
    vi.advanceTimersByTime(START_TIMEOUT_MS - 1);
    expect(lifecycle.state).toBe('starting');
    vi.advanceTimersByTime(1);
    expect(lifecycle.state).toBe('error');
  });
});
