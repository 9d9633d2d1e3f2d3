import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from './server.ts';

/** Where Prometheus is, as `PROMETHEUS_BIN` or its Debian package says; undefined where it is not. */
export function prometheusBinary(): string | undefined {
  const path = process.env['PROMETHEUS_BIN'] ?? '/usr/bin/prometheus';
  return existsSync(path) ? path : undefined;
}

export interface PrometheusProcess {
  readonly url: string;
  dispose(): Promise<void>;
}

/**
 * A real Prometheus on a free port, with data of its own, that scrapes one target five times a second. Further
 * configuration stands `beside`.
 */
export async function startPrometheus(
  binary: string,
  target: string,
  beside: object = {},
): Promise<PrometheusProcess> {
  const directory = mkdtempSync(join(tmpdir(), 'downhaul-prometheus-'));
  const configuration = join(directory, 'prometheus.yml');
  writeFileSync(
    configuration,
    JSON.stringify({
      global: { scrape_interval: '200ms', scrape_timeout: '200ms' },
      scrape_configs: [{ job_name: 'shop', static_configs: [{ targets: [target] }] }],
      ...beside,
    }),
  );
  const address = `127.0.0.1:${await freePort()}`;
  const child = spawn(
    binary,
    [
      `--config.file=${configuration}`,
      `--storage.tsdb.path=${join(directory, 'data')}`,
      `--web.listen-address=${address}`,
      '--log.level=error',
    ],
    { stdio: 'ignore' },
  );
  const url = `http://${address}`;
  await until(async () => {
    if (child.exitCode !== null) throw new Error(`Prometheus ended with ${child.exitCode}`);
    return (await fetch(`${url}/-/ready`).catch(() => undefined))?.ok;
  }, 30_000);
  return {
    url,
    dispose: async () => {
      await end(child);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function end(child: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => child.once('exit', resolve));
  if (child.exitCode !== null || !child.kill('SIGKILL')) return;
  await ended;
}

/** Somebody else may take it before it is used; nobody on a test machine does. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
