import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commandLineFor, must, type CommandLine } from './command-line.ts';
import { startCuttableProxy, type CuttableProxy } from './cuttable-proxy.ts';
import { paths } from './paths.ts';
import { startProcess, type RunningProcess } from './process.ts';

/** The whole small system: Downhaul's server, three services in four processes, and the load. */
export interface Shop {
  readonly directory: string;
  readonly url: string;
  readonly adminToken: string;
  readonly downhaul: CommandLine;
  /** Where the load generator writes its own record. */
  readonly recordFile: string;
  readonly server: () => RunningProcess;
  readonly service: (name: ServiceName) => RunningProcess;
  /** The second storefront's way to the server. */
  readonly proxy: CuttableProxy;
  startLoad(options: LoadOptions): Promise<RunningProcess>;
  /** Starts the server again on the same data and port, after it was killed. */
  restartServer(): Promise<void>;
  /** Starts a service again on its port, after it was killed. */
  restartService(name: ServiceName): Promise<void>;
  stop(): Promise<void>;
}

export interface LoadOptions {
  readonly ratePerSecond: number;
  readonly users: number;
}

const serviceNames = ['pricing', 'payments', 'storefront-1', 'storefront-2'] as const;
export type ServiceName = (typeof serviceNames)[number];

/** Starts everything but the load, on free ports and in a directory of its own. */
export async function startShop(): Promise<Shop> {
  const directory = await mkdtemp(join(tmpdir(), 'downhaul-shop-'));
  const first = await startServer(directory, 0);
  const port = Number(new URL(first.url).port);
  const adminToken = (await readFile(join(directory, 'data', 'admin-token'), 'utf8')).trim();
  const downhaul = commandLineFor(first.url, adminToken);
  const proxy = await startCuttableProxy(new URL(first.url));
  const tokens = await issueTokens(downhaul);
  const processes = new Map<string, RunningProcess>([['server', first.process]]);
  const ports = new Map<ServiceName, number>();

  const startService = async (name: ServiceName): Promise<void> => {
    const service = name.replace(/-\d$/, '');
    const running = startProcess(name, paths.service(service), {
      env: {
        PORT: String(ports.get(name) ?? 0),
        INSTANCE_NAME: name,
        DOWNHAUL_URL: name === 'storefront-2' ? proxy.url : first.url,
        DOWNHAUL_TOKEN: tokens.get(service) ?? '',
        DOWNHAUL_CACHE_DIR: join(directory, 'cache', name),
        PRICING_URL: `http://127.0.0.1:${ports.get('pricing') ?? 0}`,
        PAYMENTS_URL: `http://127.0.0.1:${ports.get('payments') ?? 0}`,
      },
    });
    processes.set(name, running);
    const listening = await running.waitForLine(/^listening (\d+)$/);
    ports.set(name, Number(listening[1]));
  };
  await Promise.all([startService('pricing'), startService('payments')]);
  await Promise.all([startService('storefront-1'), startService('storefront-2')]);

  const recordFile = join(directory, 'load.ndjson');
  return {
    directory,
    url: first.url,
    adminToken,
    downhaul,
    recordFile,
    proxy,
    server: () => running(processes, 'server'),
    service: (name) => running(processes, name),
    startLoad: async (options) => {
      const load = startLoad(options, recordFile, ports);
      processes.set('load', load);
      await load.waitForLine(/"sent"/);
      return load;
    },
    restartServer: async () => {
      processes.set('server', (await startServer(directory, port)).process);
    },
    restartService: startService,
    stop: async () => {
      await stopInOrder(processes);
      proxy.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function running(processes: ReadonlyMap<string, RunningProcess>, name: string): RunningProcess {
  const found = processes.get(name);
  if (found === undefined) throw new Error(`${name} was not started`);
  return found;
}

/** The load first, the server last, so that nobody misses what it depends on. */
async function stopInOrder(processes: ReadonlyMap<string, RunningProcess>): Promise<void> {
  await processes.get('load')?.stop();
  await Promise.all(serviceNames.map(async (name) => processes.get(name)?.stop()));
  await processes.get('server')?.stop();
}

async function startServer(
  directory: string,
  port: number,
): Promise<{ url: string; process: RunningProcess }> {
  const process = startProcess('server', paths.cli, {
    args: ['serve', '--data-directory', join(directory, 'data'), '--port', String(port)],
    env: { DOWNHAUL_REPORT_INTERVAL: '1s' },
  });
  const listening = await process.waitForLine(/(http:\/\/127\.0\.0\.1:\d+)/);
  return { url: listening[1] ?? '', process };
}

async function issueTokens(downhaul: CommandLine): Promise<Map<string, string>> {
  const tokens = new Map<string, string>();
  for (const service of ['storefront', 'pricing', 'payments']) {
    const answer = (await must(
      downhaul('token', 'issue', service, '--kind', 'sdk', '--service', service),
    )) as { token: string };
    tokens.set(service, answer.token);
  }
  return tokens;
}

function startLoad(
  options: LoadOptions,
  recordFile: string,
  ports: ReadonlyMap<ServiceName, number>,
): RunningProcess {
  const targets = (['storefront-1', 'storefront-2'] as const)
    .map((name) => `http://127.0.0.1:${ports.get(name) ?? 0}`)
    .join(',');
  return startProcess('load', paths.load, {
    env: {
      TARGETS: targets,
      RATE: String(options.ratePerSecond),
      USERS: String(options.users),
      RECORD: recordFile,
    },
  });
}
