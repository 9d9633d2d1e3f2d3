import { readFileSync } from 'node:fs';
import { get } from 'node:https';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { startTestServer } from '../support/server.ts';

/** A certificate for 127.0.0.1 that nothing but this test trusts. */
const fixture = (name: string): string =>
  fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));

it('serves TLS with the files it is given', async () => {
  const server = await startTestServer({
    tlsCert: fixture('tls-cert.pem'),
    tlsKey: fixture('tls-key.pem'),
  });
  expect(server.url).toMatch(/^https:/);
  const status = await new Promise((resolve, reject) => {
    const ca = readFileSync(fixture('tls-cert.pem'));
    get(`${server.url}/healthz`, { ca, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).once('error', reject);
  });
  expect(status).toBe(200);
  await server.dispose();
});
