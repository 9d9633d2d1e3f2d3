import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Shop {
  /** `host:port`. */
  readonly address: string;
  stop(): Promise<void>;
}

/** A small service on a free port that counts its checkouts for Prometheus, and customers who use it. */
export async function startShop({
  variantOf,
  badShare,
}: {
  readonly variantOf: (user: string) => 'on' | 'off';
  readonly badShare: { readonly on: number; readonly off: number };
}): Promise<Shop> {
  const counts = new Map<string, number>();
  let served = 0;
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://shop');
    if (url.pathname === '/metrics') {
      response.setHeader('content-type', 'text/plain; version=0.0.4');
      response.end([...counts].map(([series, count]) => `${series} ${count}\n`).join(''));
      return;
    }
    const variant = variantOf(url.searchParams.get('user') ?? '');
    served += 1;
    const bad = served % 100 < badShare[variant] * 100;
    const series = `checkouts_total{variant="${variant}",code="${bad ? 500 : 200}"}`;
    counts.set(series, (counts.get(series) ?? 0) + 1);
    response.writeHead(bad ? 500 : 200).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  let stopped = false;
  const shopping = (async () => {
    for (let user = 0; !stopped; user += 5) {
      const users = [0, 1, 2, 3, 4].map((next) => `user-${user + next}`);
      await Promise.all(
        users.map(async (name) => {
          const response = await fetch(`http://${address}/checkout?user=${name}`);
          await response.arrayBuffer();
        }),
      );
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  })();
  return {
    address,
    stop: async () => {
      stopped = true;
      await shopping;
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
