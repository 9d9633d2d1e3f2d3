import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Downhaul } from '@downhaul/sdk';

export type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/**
 * Starts a service on `PORT` (0 or absent: a free one), says `listening <port>` on standard output,
 * and says goodbye to Downhaul on SIGTERM.
 */
export function startService(downhaul: Downhaul, handler: Handler): void {
  const server = createServer((request, response) => {
    handler(request, response).catch((error: unknown) => {
      if (!response.headersSent) sendJson(response, 500, { error: String(error) });
      else response.destroy();
    });
  });
  server.keepAliveTimeout = 30_000;
  server.listen(Number(process.env['PORT'] ?? 0), '127.0.0.1', () => {
    console.log(`listening ${(server.address() as AddressInfo).port}`);
  });
  process.once('SIGTERM', () => {
    server.close();
    server.closeAllConnections();
    void downhaul.close().finally(() => process.exit(0));
  });
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

export function queryOf(request: IncomingMessage): URLSearchParams {
  return new URL(request.url ?? '/', 'http://shop.test').searchParams;
}

/** Work that takes between `fromMs` and `toMs`. */
export function work(fromMs: number, toMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, fromMs + Math.random() * (toMs - fromMs)));
}
