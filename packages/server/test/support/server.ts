import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readOptions } from '../../src/config/read-options.ts';
import type { ServerOptions } from '../../src/config/server-options.ts';
import { type RunningServer, type ServerSeams, startServer } from '../../src/serve.ts';

export interface TestServer {
  readonly running: RunningServer;
  readonly url: string;
  readonly adminToken: string;
  readonly dataDirectory: string;
  /** JSON over HTTP as the admin; `path` is below `/api/v1`. */
  readonly api: Api;
  /** Ends it and starts another on the same data and with the same options. */
  restart(): Promise<TestServer>;
  /** Ends it and deletes its data. */
  dispose(): Promise<void>;
}

export type Api = (
  method: string,
  path: string,
  body?: unknown,
  headers?: Readonly<Record<string, string>>,
) => Promise<ApiAnswer>;

export interface ApiAnswer {
  readonly status: number;
  readonly headers: Headers;
  // Tests look at the answer's shape themselves.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- an answer of unknown shape
  readonly body: any;
}

/** A real server on a free port and a directory of its own, with real HTTP. */
export async function startTestServer(
  options: Partial<ServerOptions> = {},
  seams: ServerSeams = {},
): Promise<TestServer> {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'downhaul-server-'));
  return open(dataDirectory, { options, seams });
}

interface Given {
  readonly options: Partial<ServerOptions>;
  readonly seams: ServerSeams;
  readonly adminToken?: string;
}

async function open(dataDirectory: string, given: Given): Promise<TestServer> {
  const defaults = readOptions({ argv: ['--port', '0', '--log-level', 'silent'] });
  const running = await startServer(
    { ...defaults, tickInterval: 20, dataDirectory, ...given.options },
    given.seams,
  );
  const adminToken = running.adminToken ?? given.adminToken ?? '';
  return {
    running,
    url: running.url,
    adminToken,
    dataDirectory,
    api: apiOf(running.url, adminToken),
    restart: async () => {
      await running.close();
      return open(dataDirectory, { ...given, adminToken });
    },
    dispose: async () => {
      await running.close();
      rmSync(dataDirectory, { recursive: true, force: true });
    },
  };
}

/** JSON over HTTP with a token. */
export function apiOf(url: string, token: string | undefined): Api {
  return async (method, path, body, headers = {}) => {
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined
        ? {}
        : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: parse(text) };
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Asks again and again until the answer is there; a generous limit, no fixed wait. */
export async function until<T>(
  ask: () => Promise<T | undefined | false> | T | undefined | false,
  limitMs = 10_000,
): Promise<T> {
  const end = performance.now() + limitMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (performance.now() > end) throw new Error('it did not happen in time');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
