export { createDownhaul } from './client/create-downhaul.ts';
export type { Downhaul } from './client/downhaul.ts';
export { DownhaulClosedError } from './client/closed-error.ts';
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
export type { GuardedOptions } from './guarded/guarded.ts';
export { GuardedTimeoutError } from './guarded/with-timeout.ts';
export type { ExpressMiddleware } from './middleware/express.ts';
export type { FastifyPlugin } from './middleware/fastify.ts';
export type { HttpHandler } from './middleware/http.ts';
export type { MiddlewareOptions } from './middleware/types.ts';
export { SDK_VERSION } from './version.ts';
