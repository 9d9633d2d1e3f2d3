export { createDownhaul, type Downhaul } from './client/create-downhaul.ts';
export type {
  DownhaulEvent,
  DownhaulLogger,
  DownhaulOptions,
  DownhaulState,
  DownhaulStatus,
  DroppedCounters,
  FlagDetails,
  FlagErrorCode,
  FlagMetadata,
  SnapshotSource,
  TrackOptions,
} from './client/types.ts';
export type { HttpHandler } from './middleware/http.ts';
export type { MiddlewareOptions } from './middleware/types.ts';
export { SDK_VERSION } from './version.ts';
