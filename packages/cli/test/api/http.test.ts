import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Api, Call } from '../../src/api/api.ts';
import { createHttpApi } from '../../src/api/http.ts';

const patience = { forMs: 10_000, firstPauseMs: 1, longestPauseMs: 5 };

const list: Call<unknown> = (client, how) => client.GET('/api/v1/projects', how);
const down: Call<unknown> = (client, how) =>
  client.POST('/api/v1/projects/{project}/environments/{environment}/flags/{flag}/down', {
    params: { path: { project: 'default', environment: 'production', flag: 'checkout' } },
    ...how,
  });

interface Seen {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

describe('the API over HTTP', () => {
  let server: Server;
  let seen: Seen[];
  let answers: ((response: ServerResponse) => void)[];
  let retries: string[];
  let interrupted: AbortController;
  let api: Api;

  beforeEach(async () => {
    seen = [];
    answers = [];
    retries = [];
    interrupted = new AbortController();
    server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        const { method, url, headers } = request;
        seen.push({ method, url, headers, body });
        (answers.shift() ?? json(200, { ok: true }))(response);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    api = createHttpApi({
      connection: {
        url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        token: () => 't',
      },
      interrupted: interrupted.signal,
      onRetry: (line) => retries.push(line),
    });
  });

  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  it('asks with the token and encodes every part', async () => {
    const answer = await api.ask((client, how) =>
      client.GET('/api/v1/projects/{project}/flags', {
        params: { path: { project: 'a/b' }, query: { archived: true } },
        ...how,
      }),
    );
    expect(answer).toEqual({ ok: true });
    expect(seen[0]).toMatchObject({
      method: 'GET',
      url: '/api/v1/projects/a%2Fb/flags?archived=true',
    });
    expect(seen[0]?.headers.authorization).toBe('Bearer t');
    expect(seen[0]?.headers['idempotency-key']).toBeUndefined();
  });

  it('repeats a change under one idempotency key until it gets through', async () => {
    answers = [cut, json(503, { detail: 'starting' }), json(200, { version: 7 })];
    const answer = await api.change(down, { patience });
    expect(answer).toEqual({ version: 7 });
    expect(seen).toHaveLength(3);
    expect(new Set(seen.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
    expect(seen[0]?.headers['idempotency-key']).toMatch(/^[0-9a-f-]{36}$/);
    expect(retries).toHaveLength(2);
    expect(retries[1]).toContain('starting');
  });

  it('gives every change a key of its own', async () => {
    await api.change(down);
    await api.change(down);
    expect(seen[0]?.headers['idempotency-key']).not.toBe(seen[1]?.headers['idempotency-key']);
  });

  it('never repeats what the server has refused', async () => {
    const problem = {
      title: 'No',
      detail: 'no such flag',
      code: 'flag_unknown',
      path: '/flag',
      accepted: 'a flag',
      details: ['x'],
    };
    answers = [json(404, problem, 'application/problem+json')];
    await expect(api.change(down, { patience })).rejects.toMatchObject({
      failure: {
        exitCode: 1,
        code: 'flag_unknown',
        message: 'no such flag',
        path: '/flag',
        accepted: 'a flag',
        details: ['x'],
      },
    });
    expect(seen).toHaveLength(1);
  });

  it.each([
    [400, {}, 1],
    [401, {}, 4],
    [403, {}, 4],
    [404, {}, 1],
    [409, { code: 'flag_down' }, 1],
    [409, { code: 'version_conflict' }, 6],
    [422, {}, 1],
    [500, {}, 8],
    [503, {}, 3],
  ])('%i %j leads to the exit code %i', async (status, problem, exitCode) => {
    answers = [json(status, problem)];
    await expect(api.ask(list)).rejects.toMatchObject({ failure: { exitCode } });
  });

  it('follows no redirect: it could lead the token elsewhere', async () => {
    answers = [(response) => response.writeHead(307, { location: '/elsewhere' }).end()];
    await expect(api.ask(list)).rejects.toMatchObject({ failure: { exitCode: 3 } });
    expect(seen).toHaveLength(1);
  });

  it('says so when something else listens there', async () => {
    answers = [(response) => response.writeHead(200).end('<html>')];
    await expect(api.ask(list)).rejects.toMatchObject({
      failure: { exitCode: 3, code: 'cli_not_downhaul' },
    });
  });

  it('gives up on a server that does not answer', async () => {
    answers = [() => undefined];
    await expect(api.ask(list, { timeoutMs: 20 })).rejects.toMatchObject({
      failure: { exitCode: 3, message: expect.stringContaining('no answer in time') },
    });
  });

  it('stops at once when interrupted', async () => {
    answers = [() => interrupted.abort('SIGINT')];
    await expect(api.change(down, { patience })).rejects.toMatchObject({
      failure: { exitCode: 130, code: 'cli_interrupted' },
    });
    expect(seen).toHaveLength(1);
  });

  it('says that nobody listens, after the first question', async () => {
    await new Promise((resolve) => server.close(resolve));
    await expect(api.ask(list)).rejects.toMatchObject({
      failure: { exitCode: 3, message: expect.stringContaining('connection refused') },
    });
    expect(retries).toEqual([]);
  });
});

function json(status: number, body: unknown, type = 'application/json') {
  return (response: ServerResponse): void => {
    response.writeHead(status, { 'content-type': type }).end(JSON.stringify(body));
  };
}

function cut(response: ServerResponse): void {
  response.destroy();
}
