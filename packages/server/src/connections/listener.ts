import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server, type ServerOptions } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Connections } from './connections.ts';

/** Where the server is reached. */
export interface Listener {
  /** The server at the first address; the others pass on to what it is given. */
  readonly server: Server;
  /**
   * Resolves with the URL once requests can come.
   *
   * @throws what `listen` of Node does, such as EADDRINUSE.
   */
  listen(address: { readonly host: string; readonly port: number }): Promise<string>;
  /** Lets nobody in any more. Whoever is in stays. */
  stopAccepting(): void;
}

interface ListenerInput {
  readonly tls: { readonly cert: Buffer; readonly key: Buffer } | undefined;
  readonly connections: Pick<Connections, 'follow'>;
  readonly onRequest: RequestListener;
  /** For what is no HTTP. */
  readonly onUnreadable: (error: Error & { readonly code?: string }, socket: Socket) => void;
}

/** The head of a request must have arrived within so long, and a handshake of TLS be over. */
const HEAD_TIMEOUT_MS = 10_000;
/** A request must have arrived whole within so long; streams are answers and are not bound by it. */
const REQUEST_TIMEOUT_MS = 30_000;
const LOOK_MS = 1_000;
/** Longer than SDKs take from report to report. Of who has shown no token, less: see `Connections`. */
const KEEP_ALIVE_MS = 72_000;

const OPTIONS: ServerOptions = {
  requestTimeout: REQUEST_TIMEOUT_MS,
  headersTimeout: HEAD_TIMEOUT_MS,
  connectionsCheckingInterval: LOOK_MS,
  keepAliveTimeout: KEEP_ALIVE_MS,
};

export function createListener(input: ListenerInput): Listener {
  const servers: Server[] = [];
  const create = (): Server => {
    const { tls, connections, onRequest, onUnreadable } = input;
    const server: Server = tls
      ? createTlsServer({ ...OPTIONS, ...tls, handshakeTimeout: HEAD_TIMEOUT_MS }, onRequest)
      : createServer(OPTIONS, onRequest);
    // Fastify listens on the first itself.
    if (servers.length > 0) server.on('clientError', onUnreadable);
    connections.follow(server);
    servers.push(server);
    return server;
  };
  const server = create();
  return {
    server,
    listen: async ({ host, port }) => {
      const [first = host, ...others] = await addressesOf(host);
      await listenOn(server, first, port);
      const bound = server.address() as AddressInfo;
      // That a machine has no IPv6, or another process has that port there, keeps nobody from serving the first.
      for (const each of others) await listenOn(create(), each, bound.port).catch(() => undefined);
      return urlOf(input.tls ? 'https' : 'http', bound);
    },
    stopAccepting: () => {
      for (const each of servers) if (each.listening) each.close();
    },
  };
}

/** `localhost` is both, IPv4 and IPv6: clients differ in which one they try. */
async function addressesOf(host: string): Promise<string[]> {
  if (host !== 'localhost') return [host];
  const found = await lookup(host, { all: true });
  return [...new Set(found.map(({ address }) => address))];
}

async function listenOn(server: Server, host: string, port: number): Promise<void> {
  server.listen({ host, port });
  await once(server, 'listening');
}

function urlOf(scheme: string, { address, family, port }: AddressInfo): string {
  const loopback = family === 'IPv6' ? '::1' : '127.0.0.1';
  const reached = address === '0.0.0.0' || address === '::' ? loopback : address;
  return `${scheme}://${family === 'IPv6' ? `[${reached}]` : reached}:${port}`;
}
