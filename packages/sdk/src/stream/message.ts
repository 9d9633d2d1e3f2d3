import type { SnapshotDelta, StreamHello } from '@downhaul/engine';
import type { SseEvent } from './sse-parser.ts';

/** A message as it was read: a snapshot's and a delta's content is judged by the intake. */
export type ReadMessage =
  | { readonly event: 'hello'; readonly data: StreamHello }
  | { readonly event: 'heartbeat'; readonly version: number }
  | { readonly event: 'snapshot'; readonly content: unknown }
  | { readonly event: 'delta'; readonly content: SnapshotDelta }
  | { readonly event: 'unknown' };

const MIN_INTERVAL_MS = 50;
const MAX_INTERVAL_MS = 10 * 60_000;

/** Reads an event of the stream. Throws if it is none of ours; a later server's event is `unknown`. */
export function readMessage({ event, data }: SseEvent): ReadMessage {
  switch (event) {
    case 'hello':
      return { event, data: readHello(JSON.parse(data)) };
    case 'heartbeat':
      return { event, version: versionOf(JSON.parse(data)) };
    case 'snapshot':
      return { event, content: JSON.parse(data) as unknown };
    case 'delta':
      return { event, content: JSON.parse(data) as SnapshotDelta };
    default:
      return { event: 'unknown' };
  }
}

function readHello(content: unknown): StreamHello {
  const hello = content as Partial<StreamHello> | null;
  return {
    version: versionOf(content),
    heartbeatMs: intervalMs(hello?.heartbeatMs),
    reportIntervalMs: intervalMs(hello?.reportIntervalMs),
  };
}

function versionOf(content: unknown): number {
  const version = (content as { version?: unknown } | null)?.version;
  if (typeof version === 'number' && Number.isSafeInteger(version)) return version;
  throw new Error('a stream event has no version');
}

function intervalMs(value: unknown): number {
  if (typeof value !== 'number' || !Number.isFinite(value))
    throw new Error('hello has no intervals');
  return Math.min(Math.max(value, MIN_INTERVAL_MS), MAX_INTERVAL_MS);
}
