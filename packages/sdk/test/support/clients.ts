import { afterEach } from 'vitest';
import type { Snapshot } from '@downhaul/engine';
import { type Downhaul, downhaulOf } from '../../src/client/downhaul.ts';
import { type Limits, resolveOptions } from '../../src/client/options.ts';
import { Runtime } from '../../src/client/runtime.ts';
import type { DownhaulEvent, DownhaulOptions } from '../../src/client/types.ts';
import { FakeServer } from './fake-server.ts';

const cleanups: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** Runs at the end of the test, last registered first. */
export function afterTest(cleanup: () => Promise<unknown>): void {
  cleanups.push(cleanup);
}

export async function startServer(snapshot: Snapshot): Promise<FakeServer> {
  const server = await FakeServer.start(snapshot);
  afterTest(() => server.stop());
  return server;
}

export interface TestClient extends Downhaul {
  readonly logged: string[];
  readonly events: DownhaulEvent[];
}

/** A client that keeps what it logs and tells, and is closed at the end of the test; as `createDownhaul`. */
export function startClient(options: DownhaulOptions, limits?: Partial<Limits>): TestClient {
  const logged: string[] = [];
  const events: DownhaulEvent[] = [];
  const log = (message: string): void => {
    logged.push(message);
  };
  const given: DownhaulOptions = {
    token: 'token-of-tests',
    closeTimeoutMs: 500,
    // The shortest pauses that there are.
    random: () => 0,
    logger: { info: log, warn: log, error: log },
    onEvent: (event) => events.push(event),
    ...options,
  };
  const resolved = resolveOptions(given, {});
  const runtime = new Runtime(given, { ...resolved, limits: { ...resolved.limits, ...limits } });
  void runtime.start();
  const client = downhaulOf(runtime, given);
  afterTest(() => client.close());
  return Object.assign(client, { logged, events });
}
