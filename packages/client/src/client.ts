import createClient, { type Client } from 'openapi-fetch';
import type { paths } from './generated/api.ts';

export interface DownhaulClientOptions {
  /** Address of the server, such as `http://127.0.0.1:8080`. */
  readonly url: string;
  readonly token: string;
  /** Replaces the runtime's `fetch`. */
  readonly fetch?: (request: Request) => Promise<Response>;
}

export type DownhaulClient = Client<paths>;

/**
 * A client of the whole API, typed by its OpenAPI document: `client.GET('/api/v1/projects')` resolves
 * to `{ data }`, or to `{ error }` with problem details for a refusal. It rejects on network errors.
 */
export function createDownhaulClient(options: DownhaulClientOptions): DownhaulClient {
  return createClient<paths>({
    baseUrl: options.url.replace(/\/+$/, ''),
    headers: { authorization: `Bearer ${options.token}` },
    ...(options.fetch ? { fetch: options.fetch } : {}),
  });
}
