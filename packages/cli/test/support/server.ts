import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readOptions, startServer } from '@downhaul/server';

export interface TestServer {
  readonly url: string;
  readonly token: string;
  /** A working directory whose `.downhaul` is the server's. */
  readonly directory: string;
  /** Speaks to the server as an SDK or another client would. */
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<unknown>;
  close(): Promise<void>;
}

/** A real server on a free port and a new data directory, looking at its rollouts very often. */
export async function startTestServer(): Promise<TestServer> {
  const directory = mkdtempSync(join(tmpdir(), 'downhaul-cli-'));
  const dataDirectory = join(directory, '.downhaul');
  const server = await startServer(
    readOptions({
      argv: [
        ...['--data-directory', dataDirectory, '--port', '0', '--log-level', 'silent'],
        ...['--tick-interval', '50ms', '--report-interval', '200ms'],
      ],
    }),
  );
  const token = readFileSync(join(dataDirectory, 'admin-token'), 'utf8').trim();
  return {
    url: server.url,
    token,
    directory,
    post: async (path, body, headers = {}) => {
      const response = await fetch(`${server.url}/api/v1/${path}`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': 'application/json',
          ...headers,
        },
        body: JSON.stringify(body),
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`);
      return text === '' ? undefined : JSON.parse(text);
    },
    close: async () => {
      await server.close();
      rmSync(directory, { recursive: true });
    },
  };
}
