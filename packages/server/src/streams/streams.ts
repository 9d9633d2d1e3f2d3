import type { ServerResponse } from 'node:http';
import type { IntakeBody, StreamStanding, TelemetryScope } from '@downhaul/control';
import type { HeldVersion, SnapshotFeed } from '../snapshots/feed.ts';
import { encodeFrame } from './frame.ts';
import { type Attached, createStreamHub, type StreamHub } from './hub.ts';

/** The open streams of all environments. */
export interface Streams {
  open(stream: OpenedStream): void;
  /** Writes the present version of an environment to its streams, in this turn of the event loop. */
  publish(feed: SnapshotFeed): void;
  heartbeat(nowMs: number): Promise<void>;
  /** Tells the intake of every stream that is still open, so that nobody quiet is presumed gone. */
  confirm(): void;
  /** How far every open stream is. */
  standings(): readonly OpenStream[];
  readonly size: number;
  readonly cutOff: number;
  /** Hangs up on whoever came with a token. */
  endOf(token: string): void;
  endAll(): void;
}

interface OpenStream extends StreamStanding {
  readonly scope: TelemetryScope;
}

export interface OpenedStream {
  readonly response: ServerResponse;
  readonly feed: SnapshotFeed;
  readonly held: HeldVersion | undefined;
  readonly scope: TelemetryScope;
  readonly instance: string;
  /** Id of the token that opened it. */
  readonly token: string;
}

interface StreamsInput {
  readonly heartbeatMs: number;
  readonly reportIntervalMs: number;
  /** The store's clock. */
  readonly nowMs: () => number;
  /** A name for a connection that no other has, of this process or another. */
  readonly connectionId: () => string;
  readonly tell: (body: IntakeBody) => void;
}

type Contact = Omit<Extract<IntakeBody, { type: 'contact' }>, 'type' | 'scope' | 'instance'>;

interface Follower {
  readonly connection: string;
  readonly attached: Attached;
}

export function createStreams(input: StreamsInput): Streams {
  const { heartbeatMs, reportIntervalMs, nowMs, connectionId, tell } = input;
  const hubs = new Map<SnapshotFeed, StreamHub>();
  const opened = new Map<OpenedStream, Follower>();
  const hubOf = (feed: SnapshotFeed): StreamHub => {
    const hub = hubs.get(feed) ?? createStreamHub(feed, { heartbeatMs, nowMs });
    hubs.set(feed, hub);
    return hub;
  };
  const report = ({ scope, instance }: OpenedStream, contact: Contact): void =>
    tell({ type: 'contact', scope, instance, ...contact });
  const sum = (of: (hub: StreamHub) => number): number =>
    [...hubs.values()].reduce((total, hub) => total + of(hub), 0);
  return {
    open: (stream) => {
      const { response, feed, held } = stream;
      const { version } = feed;
      const connection = connectionId();
      response.on('close', () => {
        const standing = opened.get(stream)?.attached.standing();
        opened.delete(stream);
        report(stream, { contact: 'streamClosed', version: feed.version, connection, ...standing });
      });
      response.write(
        encodeFrame({ event: 'hello', data: { heartbeatMs, reportIntervalMs, version } }),
      );
      opened.set(stream, { connection, attached: hubOf(feed).attach(response, held) });
      report(stream, { contact: 'streamOpened', version, connection });
    },
    publish: (feed) => hubs.get(feed)?.publish(),
    heartbeat: async (nowMs) => {
      for (const hub of hubs.values()) await hub.heartbeat(nowMs);
    },
    confirm: () =>
      opened.forEach(({ connection, attached }, stream) => {
        const { version } = stream.feed;
        report(stream, { contact: 'streamOpened', version, connection, ...attached.standing() });
      }),
    standings: () =>
      [...opened].map(([{ scope, instance }, { connection, attached }]) => {
        const { service } = scope;
        return { scope, service, instance, connection, ...attached.standing() };
      }),
    get size() {
      return sum(({ size }) => size);
    },
    get cutOff() {
      return sum(({ cutOff }) => cutOff);
    },
    endOf: (token) => {
      for (const stream of opened.keys()) if (stream.token === token) stream.response.destroy();
    },
    endAll: () => hubs.forEach((hub) => hub.endAll()),
  };
}
