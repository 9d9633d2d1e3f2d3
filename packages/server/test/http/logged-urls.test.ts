import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loggedUrl } from '../../src/http/logged-url.ts';
import { startTestServer, type TestServer, until } from '../support/server.ts';

const SECRET = 'ab'.repeat(32);
const TOKEN = `dh_admin_0123456789ab_${SECRET}`;

describe('what the log says of a URL', () => {
  it.each([
    ['/api/v1/log', '/api/v1/log'],
    ['/api/v1/log?after=3&limit=10&after=4', '/api/v1/log?after&limit'],
    [`/api/v1/projects?token=${TOKEN}`, '/api/v1/projects?token'],
    [`/api/v1/projects?${TOKEN}`, '/api/v1/projects?…'],
    [`/api/v1/projects?${SECRET}=`, '/api/v1/projects?…'],
    [`/api/v1/projects?a=1&=${TOKEN}&`, '/api/v1/projects?a&…'],
    [`/api/v1/tokens/${TOKEN}`, '/api/v1/tokens/dh_admin_0123456789ab_…'],
    [
      `/api/v1/tokens/dh%5Fadmin%5f0123456789ab%5F${SECRET}`,
      '/api/v1/tokens/dh_admin_0123456789ab_…',
    ],
    [`/%zz/dh%5Fadmin_0123456789ab%5F${SECRET}`, '/%zz/dh_admin_0123456789ab_…'],
    [`/#${TOKEN}`, '/'],
    [`http://ada:${SECRET}@host/x?y=${SECRET}`, 'http://host/x?y'],
    ['', ''],
  ])('of %s is %s', (url, logged) => {
    expect(loggedUrl(url)).toBe(logged);
  });
});

describe('the log of requests', () => {
  let server: TestServer;
  const lines: string[] = [];
  beforeAll(async () => {
    const logStream = { write: (line: string) => void lines.push(line) };
    server = await startTestServer({ logLevel: 'trace' }, { logStream });
  });
  afterAll(() => server.dispose());

  const long = 'x'.repeat(2_000);
  it.each<[string, string, string]>([
    ['that is refused', 'GET', `/api/v1/projects?token=${SECRET}`],
    ['of the way down', 'POST', `/api/v1/projects/p/environments/e/flags/f/down?token=${SECRET}`],
    ['without a route', 'GET', `/nowhere?access_token=${SECRET}`],
    ['of another method', 'PATCH', `/api/v1/projects?token=${SECRET}`],
    ['of an exporter', 'POST', `/v1/traces?api_key=${SECRET}`],
    ['that is public', 'GET', `/healthz?token=${SECRET}`],
    ['with a token in the path', 'DELETE', `/api/v1/tokens/${TOKEN}`],
    ['that cannot be decoded', 'GET', `/%zz?token=${SECRET}`],
    ['with too long a part', 'GET', `/api/v1/projects/${long}?token=${SECRET}`],
    ['that is no HTTP', 'GET', `/ ${SECRET}`],
    ['of a proxy', 'GET', `http://ada:${SECRET}@host/healthz?token=${SECRET}`],
  ])('%s has no value of its query', async (_name, method, path) => {
    const answer = await raw(
      server.url,
      `${method} ${path} HTTP/1.1\r\nHost: x\r\nReferer: http://x/?token=${SECRET}\r\n` +
        `Connection: close\r\nContent-Length: 0\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 [2345]/);
    expect(lines.join('')).not.toContain(SECRET);
  });

  it('still says which path was asked and who asked', async () => {
    await server.api('GET', `/projects/nothing/flags?token=${SECRET}`);
    const line = await until(() => lines.find((each) => each.includes('/projects/nothing/flags')));
    const id = server.adminToken.split('_')[2];
    expect(JSON.parse(line)).toMatchObject({
      url: '/api/v1/projects/nothing/flags?token',
      status: 404,
      actor: { kind: 'person', id, name: 'admin' },
    });
    expect(lines.join('')).toContain('/nowhere?access_token');
  });
});

async function raw(url: string, text: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.write(text);
  let answer = '';
  for await (const chunk of socket) answer += String(chunk);
  return answer;
}
