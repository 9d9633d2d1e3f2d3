import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { describe, expect, it } from 'vitest';
import { type TestClient, startClient, startServer } from '../support/clients.ts';
import { readJson } from '../support/fake-server.ts';
import { listen } from '../support/http-host.ts';
import { rolloutFlag, snapshotOf } from '../support/snapshots.ts';

/** A host that reads the body by listeners and evaluates the flag in the last one. */
async function start(): Promise<{ url: string; client: TestClient }> {
  const server = await startServer(snapshotOf(1, [rolloutFlag('flag', 100)]));
  const client = startClient({ url: server.url });
  await client.ready();
  const url = await listen(
    client.http(
      (incoming, response) => {
        let body = '';
        incoming.on('data', (chunk: Buffer) => (body += chunk.toString()));
        incoming.on('end', () => {
          response.end(JSON.stringify({ body, flag: client.boolean('flag', false) }));
        });
      },
      { context: (incoming) => ({ targetingKey: incoming.headers['user'] as string }) },
    ),
  );
  return { url, client };
}

describe('listeners on the body of a request', () => {
  it.each<[string, Record<string, string>]>([
    ['of a known length', { 'content-length': '2' }],
    ['in chunks', { 'transfer-encoding': 'chunked' }],
  ])('run in its scope, with a body %s that comes in late', async (_name, headers) => {
    const { url } = await start();
    const sending = request(url, { method: 'POST', headers: { ...headers, user: 'ada' } });
    sending.write('a');
    // Another request in between, so that the body is not there yet when the handler runs.
    const other = await fetch(url, { method: 'POST', headers: { user: 'eve' }, body: 'x' });
    expect(await other.json()).toEqual({ body: 'x', flag: true });
    sending.end('b');
    const [answer] = (await once(sending, 'response')) as [IncomingMessage];
    expect(await readJson(answer)).toEqual({ body: 'ab', flag: true });
  });

  it('run as ever without a body', async () => {
    const { url } = await start();
    const answer = await fetch(url, { headers: { user: 'ada' } });
    expect(await answer.json()).toMatchObject({ body: '' });
  });
});
