export { createDownhaulClient, type DownhaulClient, type DownhaulClientOptions } from './client.ts';
export type { components, operations, paths } from './generated/api.ts';
