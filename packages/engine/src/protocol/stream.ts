import type { Snapshot, SnapshotDelta } from '../snapshot/types.ts';

/**
 * Server-sent events of `GET /api/v1/projects/{project}/environments/{environment}/stream`.
 * Every event's `id` is the snapshot version it leads to, so `Last-Event-ID` resumes.
 */
export type StreamMessage =
  | { readonly event: 'hello'; readonly data: StreamHello }
  | { readonly event: 'snapshot'; readonly data: Snapshot }
  | { readonly event: 'delta'; readonly data: SnapshotDelta }
  | { readonly event: 'heartbeat'; readonly data: { readonly version: number } };

/** First event of each connection: how this server wants to be spoken to. */
export interface StreamHello {
  readonly heartbeatMs: number;
  /** How often an SDK sends its telemetry report. */
  readonly reportIntervalMs: number;
  readonly version: number;
}
