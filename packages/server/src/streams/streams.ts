import type { ServerResponse } from 'node:http';
import type { IntakeBody, TelemetryScope } from '@downhaul/control';
import type { HeldVersion, SnapshotFeed } from '../snapshots/feed.ts';
import { encodeFrame } from './frame.ts';
import { createStreamHub, type StreamHub } from './hub.ts';

/** The open streams of all environments. */
export interface Streams {
  open(stream: OpenedStream): void;
  /** Writes the present version of an environment to its streams, in this turn of the event loop. */
  publish(feed: SnapshotFeed): void;
  heartbeat(nowMs: number): Promise<void>;
  /** Tells the intake of every stream that is still open, so that nobody quiet is presumed gone. */
  confirm(): void;
  readonly size: number;
  readonly cutOff: number;
  /** Hangs up on whoever came with a token. */
  endOf(token: string): void;
  endAll(): void;
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
  readonly tell: (body: IntakeBody) => void;
}

type Contact = Extract<IntakeBody, { type: 'contact' }>['contact'];

export function createStreams(input: StreamsInput): Streams {
  const { heartbeatMs, reportIntervalMs, tell } = input;
  const hubs = new Map<SnapshotFeed, StreamHub>();
  const opened = new Set<OpenedStream>();
  const hubOf = (feed: SnapshotFeed): StreamHub => {
    const hub = hubs.get(feed) ?? createStreamHub(feed, heartbeatMs);
    hubs.set(feed, hub);
    return hub;
  };
  const report = ({ scope, instance, feed }: OpenedStream, contact: Contact): void =>
    tell({ type: 'contact', scope, instance, contact, version: feed.version });
  const sum = (of: (hub: StreamHub) => number): number =>
    [...hubs.values()].reduce((total, hub) => total + of(hub), 0);
  return {
    open: (stream) => {
      const { response, feed, held } = stream;
      const { version } = feed;
      opened.add(stream);
      response.on('close', () => {
        opened.delete(stream);
        report(stream, 'streamClosed');
      });
      response.write(
        encodeFrame({ event: 'hello', data: { heartbeatMs, reportIntervalMs, version } }),
      );
      hubOf(feed).attach(response, held);
      report(stream, 'streamOpened');
    },
    publish: (feed) => hubs.get(feed)?.publish(),
    heartbeat: async (nowMs) => {
      for (const hub of hubs.values()) await hub.heartbeat(nowMs);
    },
    confirm: () => opened.forEach((stream) => report(stream, 'streamOpened')),
    get size() {
      return sum(({ size }) => size);
    },
    get cutOff() {
      return sum(({ cutOff }) => cutOff);
    },
    endOf: (token) => {
      for (const stream of opened) if (stream.token === token) stream.response.destroy();
    },
    endAll: () => hubs.forEach((hub) => hub.endAll()),
  };
}
