import type { ServerResponse } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { HeldVersion, SnapshotFeed } from '../snapshots/feed.ts';

/** Streams written to in one turn of the event loop by what can wait, such as heartbeats. */
const STREAMS_PER_TURN = 500;

/** A client that reads nothing for so many heartbeats is cut off; it would only cost memory. */
const STALLED_HEARTBEATS = 6;

/** The streams of one environment. */
export interface StreamHub {
  /** Writes what leads from the client's version to the present one, and follows from there. */
  attach(response: ServerResponse, held: HeldVersion | undefined): void;
  /** Writes the feed's present version to every stream that keeps up, in this turn. */
  publish(): void;
  /** Writes a heartbeat to everybody who keeps up and cuts off who stopped reading. */
  heartbeat(nowMs: number): Promise<void>;
  readonly size: number;
  /** Streams cut off because nobody read them. */
  readonly cutOff: number;
  endAll(): void;
}

export function createStreamHub(feed: SnapshotFeed, heartbeatMs: number): StreamHub {
  return new Hub(feed, heartbeatMs);
}

/** What is kept per stream: nothing but where it stands. Frames are shared. */
interface Follower {
  readonly response: ServerResponse;
  held: HeldVersion;
  /** True from a write that filled the buffer until it drained; nothing more is written meanwhile. */
  behind: boolean;
  /** Heartbeats since it fell behind. */
  missed: number;
}

class Hub implements StreamHub {
  readonly #feed: SnapshotFeed;
  readonly #heartbeatMs: number;
  readonly #followers = new Set<Follower>();
  #lastHeartbeatMs = 0;
  cutOff = 0;

  constructor(feed: SnapshotFeed, heartbeatMs: number) {
    this.#feed = feed;
    this.#heartbeatMs = heartbeatMs;
  }

  get size(): number {
    return this.#followers.size;
  }

  attach(response: ServerResponse, held: HeldVersion | undefined): void {
    const follower: Follower = { response, held: this.#present(), behind: false, missed: 0 };
    this.#followers.add(follower);
    response.on('close', () => this.#followers.delete(follower));
    response.on('drain', () => this.#catchUp(follower));
    const frame = this.#feed.frameFrom(held);
    if (frame) write(follower, frame);
  }

  publish(): void {
    const present = this.#present();
    for (const follower of this.#followers) {
      if (!follower.behind) this.#lead(follower, present);
    }
  }

  async heartbeat(nowMs: number): Promise<void> {
    if (nowMs - this.#lastHeartbeatMs < this.#heartbeatMs) return;
    this.#lastHeartbeatMs = nowMs;
    let written = 0;
    for (const follower of [...this.#followers]) {
      if (!this.#followers.has(follower)) continue;
      this.#beat(follower);
      if (++written % STREAMS_PER_TURN === 0) await nextTurn();
    }
  }

  endAll(): void {
    for (const { response } of this.#followers) response.end();
  }

  #beat(follower: Follower): void {
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
