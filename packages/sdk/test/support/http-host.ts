import { type RequestListener, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterTest } from './clients.ts';

/** Serves a handler on a free port until the end of the test; returns its base URL. */
export async function listen(handler: RequestListener): Promise<string> {
  const server = createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  afterTest(async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
