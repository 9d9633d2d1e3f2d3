import type { Snapshot, SnapshotDelta } from '@downhaul/engine';
import { encodeFrame } from '../streams/frame.ts';
import { mergeDeltas } from './merge-deltas.ts';

/** Deltas kept: so many versions may a reconnecting client be behind without needing everything. */
const KEPT_DELTAS = 64;

/**
 * The snapshots of one environment as clients follow them: the present version, what led to it, and
 * the frames for the wire, each made once and shared by all connections. The full snapshot is made
 * only when somebody asks for it.
 */
export interface SnapshotFeed {
  readonly version: number;
  readonly hash: string;
  snapshot(): Snapshot;
  /** JSON of the present snapshot, made once per version. */
  json(): string;
  /** Takes the next version; without a delta every client is given everything. */
  publish(delta: SnapshotDelta | undefined): void;
  /**
   * What leads a client from the version it has to the present one: a delta where it is known by
   * version and hash, else everything. Undefined when it is up to date.
   */
  frameFrom(held: HeldVersion | undefined): Buffer | undefined;
  heartbeatFrame(): Buffer;
}

export interface HeldVersion {
  readonly version: number;
  readonly hash: string;
}

/** `full` gives the snapshot of the present version. */
export function createSnapshotFeed(full: () => Snapshot): SnapshotFeed {
  return new Feed(full);
}

class Feed implements SnapshotFeed {
  version: number;
  hash: string;
  readonly #full: () => Snapshot;
  /** Each leads from the version of the one before to its own; the newest last. */
  #deltas: SnapshotDelta[] = [];
  /** Hashes of the versions that deltas start from. */
  #hashes = new Map<number, string>();
  /** By the version that a delta starts from; of the present version only. */
  readonly #frames = new Map<number, Buffer>();
  #json: string | undefined;
  #fullFrame: Buffer | undefined;
  #heartbeat: Buffer | undefined;

  constructor(full: () => Snapshot) {
    this.#full = full;
    const { version, hash } = full();
    this.version = version;
    this.hash = hash;
  }

  snapshot(): Snapshot {
    return this.#full();
  }

  json(): string {
    this.#json ??= JSON.stringify(this.#full());
    return this.#json;
  }

  publish(delta: SnapshotDelta | undefined): void {
    if (delta?.baseVersion === this.version) this.#keep(delta);
    else this.#startAnew();
    this.#frames.clear();
    this.#json = undefined;
    this.#fullFrame = undefined;
    this.#heartbeat = undefined;
  }

  frameFrom(held: HeldVersion | undefined): Buffer | undefined {
    if (held?.version === this.version && held.hash === this.hash) return undefined;
    if (held && this.#hashes.get(held.version) === held.hash) return this.#deltaFrame(held.version);
    this.#fullFrame ??= Buffer.from(
      `id: ${this.version}\nevent: snapshot\ndata: ${this.json()}\n\n`,
    );
    return this.#fullFrame;
  }

  heartbeatFrame(): Buffer {
    const { version } = this;
    this.#heartbeat ??= encodeFrame({ event: 'heartbeat', data: { version } });
    return this.#heartbeat;
  }

  #keep(delta: SnapshotDelta): void {
    this.#hashes.set(this.version, this.hash);
    this.#deltas.push(delta);
    if (this.#deltas.length > KEPT_DELTAS) {
      const oldest = this.#deltas.shift();
      if (oldest) this.#hashes.delete(oldest.baseVersion);
    }
    this.version = delta.version;
    this.hash = delta.hash;
  }

  #startAnew(): void {
    const { version, hash } = this.#full();
    this.version = version;
    this.hash = hash;
    this.#deltas = [];
    this.#hashes = new Map();
  }

  #deltaFrame(from: number): Buffer {
    const made = this.#frames.get(from);
    if (made) return made;
    const [first, ...rest] = this.#deltas.filter(({ baseVersion }) => baseVersion >= from);
    if (!first) throw new Error(`no delta leads on from version ${from}`);
    const frame = encodeFrame({ event: 'delta', data: mergeDeltas([first, ...rest]) });
    this.#frames.set(from, frame);
    return frame;
  }
}
