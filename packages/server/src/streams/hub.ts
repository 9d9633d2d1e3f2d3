import type { ServerResponse } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { HeldVersion, SnapshotFeed } from '../snapshots/feed.ts';
import { encodeRetry } from './frame.ts';
import { StreamProgress } from './stream-progress.ts';

/** Streams written to in one turn of the event loop by what can wait, such as heartbeats. */
const STREAMS_PER_TURN = 500;

/** A client that reads nothing for so many heartbeats is cut off; it would only cost memory. */
const STALLED_HEARTBEATS = 6;

/** Clients that keep to it come back spread over so long. */
const FIRST_RETRY_MS = 500;
const RETRY_SPREAD_MS = 2_000;
const RETRY_STEP_MS = 37;

/** The streams of one environment. */
export interface StreamHub {
  /** Writes what leads from the client's version to the present one, and follows from there. */
  attach(response: ServerResponse, held: HeldVersion | undefined): Attached;
  /** Writes the feed's present version to every stream that keeps up, in this turn. */
  publish(): void;
  /** Writes a heartbeat to everybody who keeps up and cuts off who stopped reading. */
  heartbeat(nowMs: number): Promise<void>;
  readonly size: number;
  /** Streams cut off because nobody read them. */
  readonly cutOff: number;
  /** Ends every stream with the word when to come again, to this server or the next; not all at once. */
  endAll(): void;
}

/** One stream of a hub. */
export interface Attached {
  /** How far it is now: as in `StreamStanding`. */
  standing(): { readonly written: number; readonly stalledSinceMs?: number };
}

interface HubOptions {
  readonly heartbeatMs: number;
  readonly nowMs: () => number;
}

export function createStreamHub(feed: SnapshotFeed, options: HubOptions): StreamHub {
  return new Hub(feed, options);
}

/** What is kept per stream: nothing but where it stands. Frames are shared. */
interface Follower {
  readonly response: ServerResponse;
  held: HeldVersion;
  /** True from a write that filled the buffer until it drained; nothing more is written meanwhile. */
  behind: boolean;
  /** Heartbeats since it fell behind. */
  missed: number;
  readonly progress: StreamProgress;
}

class Hub implements StreamHub {
  readonly #feed: SnapshotFeed;
  readonly #options: HubOptions;
  readonly #followers = new Set<Follower>();
  #lastHeartbeatMs = 0;
  #willLook = false;
  cutOff = 0;

  constructor(feed: SnapshotFeed, options: HubOptions) {
    this.#feed = feed;
    this.#options = options;
  }

  get size(): number {
    return this.#followers.size;
  }

  attach(response: ServerResponse, held: HeldVersion | undefined): Attached {
    const progress = new StreamProgress(response);
    const follower = { response, held: this.#present(), behind: false, missed: 0, progress };
    this.#followers.add(follower);
    response.on('close', () => this.#followers.delete(follower));
    response.on('drain', () => this.#catchUp(follower));
    const frame = this.#feed.frameFrom(held);
    if (frame) write(follower, frame);
    return {
      standing: () => progress.look(follower.held.version, this.#options.nowMs()),
    };
  }

  publish(): void {
    const present = this.#present();
    for (const follower of this.#followers) {
      if (!follower.behind) this.#lead(follower, present);
    }
    this.#lookSoon();
  }

  async heartbeat(nowMs: number): Promise<void> {
    if (nowMs - this.#lastHeartbeatMs < this.#options.heartbeatMs) return;
    this.#lastHeartbeatMs = nowMs;
    let written = 0;
    for (const follower of [...this.#followers]) {
      if (!this.#followers.has(follower)) continue;
      this.#beat(follower, nowMs);
      if (++written % STREAMS_PER_TURN === 0) await nextTurn();
    }
  }

  endAll(): void {
    let index = 0;
    for (const { response, behind } of this.#followers) {
      // Who does not read would not read the end either.
      if (behind) response.destroy();
      else
        response.end(encodeRetry(FIRST_RETRY_MS + ((index++ * RETRY_STEP_MS) % RETRY_SPREAD_MS)));
    }
  }

  /** Once all have their frame: who closes its stream in the next moment was written it all the same. */
  #lookSoon(): void {
    if (this.#willLook) return;
    this.#willLook = true;
    setImmediate(() => {
      this.#willLook = false;
      const nowMs = this.#options.nowMs();
      for (const { held, progress } of this.#followers) progress.look(held.version, nowMs);
    });
  }

  #beat(follower: Follower, nowMs: number): void {
    follower.progress.look(follower.held.version, nowMs);
    if (!follower.behind) return write(follower, this.#feed.heartbeatFrame());
    follower.missed += 1;
    if (follower.missed < STALLED_HEARTBEATS) return;
    this.cutOff += 1;
    follower.response.destroy();
  }

  /** However many versions came while it was behind, one step leads to the newest. */
  #catchUp(follower: Follower): void {
    follower.behind = false;
    follower.missed = 0;
    this.#lead(follower, this.#present());
  }

  #lead(follower: Follower, present: HeldVersion): void {
    const frame = this.#feed.frameFrom(follower.held);
    follower.held = present;
    if (frame) write(follower, frame);
  }

  #present(): HeldVersion {
    const { version, hash } = this.#feed;
    return { version, hash };
  }
}

function write(follower: Follower, frame: Buffer): void {
  if (!follower.response.write(frame)) follower.behind = true;
}
