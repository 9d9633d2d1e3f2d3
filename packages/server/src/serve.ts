import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { bootstrap, TOKEN_FILE } from './bootstrap.ts';
import { type Clock, systemClock } from './clock/clock.ts';
import type { ServerOptions } from './config/server-options.ts';
import { checkPlain } from './config/check-plain.ts';
import { stoppingRefusal } from './error/refusal.ts';
import { addRoutes } from './http/app.ts';
import { type Http, openHttp } from './http/open-http.ts';
import { type Ids, randomIds } from './ids/ids.ts';
import { startLoops } from './loops/loops.ts';
import { writeCheckpoint } from './loops/write-checkpoint.ts';
import { createMetrics } from './metrics/registry.ts';
import { openParts } from './parts.ts';
import { openSqliteStore, type SqliteStore } from './store/sqlite/open-store.ts';

export interface RunningServer {
  readonly url: string;
  /** The first admin token, when this start made it. */
  readonly adminToken: string | undefined;
  readonly adminTokenFile: string;
  /** Ends streams, answers the requests under way, within `stopTimeout`, writes everything down and lets the store go. */
  close(): Promise<void>;
}

/** Replaceable by tests: where time and randomness come from and where the log goes. */
export interface ServerSeams {
  readonly clock?: Clock;
  readonly ids?: Ids;
  readonly logStream?: { write(line: string): void };
}

/** File of the store in the data directory. */
export const STORE_FILE = 'downhaul.db';

/**
 * Starts a server on its data directory. Everything acknowledged before an earlier end, however that
 * came, is there again.
 *
 * @throws StoreHeldError when another server holds the store, StoreBehindError when it lacks what was acknowledged, OptionError for options that do not go
 * together, and what `listen` throws for an address that is taken.
 */
export async function startServer(
  options: ServerOptions,
  seams: ServerSeams = {},
): Promise<RunningServer> {
  checkPlain(options);
  mkdirSync(options.dataDirectory, { recursive: true, mode: 0o700 });
  const store = openSqliteStore(
    join(options.dataDirectory, STORE_FILE),
    seams.clock ?? systemClock,
    {
      acceptLoss: options.acceptLoss,
      // The first token is written behind the first events.
      isExpected: existsSync(join(options.dataDirectory, TOKEN_FILE)),
    },
  );
  try {
    return await serve(store, options, seams);
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** Reads the store and has the routes answer; where that fails, nobody is left waiting. */
async function openRoutes(
  { app, listener, connections, gate }: Http,
  input: Parameters<typeof openParts>[0],
) {
  try {
    const context = await openParts(input);
    const admin = await bootstrap(context);
    await addRoutes(app, context, connections);
    gate.open();
    return { context, admin };
  } catch (error) {
    listener.stopAccepting();
    await connections.drain(0);
    throw error;
  }
}

async function serve(
  store: SqliteStore,
  options: ServerOptions,
  seams: ServerSeams,
): Promise<RunningServer> {
  const { clock = systemClock, ids = randomIds, logStream } = seams;
  const metrics = createMetrics();
  const http = openHttp({
    ...{ options, ids, metrics },
    ...(logStream ? { logStream } : {}),
  });
  const { app, listener, connections } = http;
  const logger = app.log;
  // Before anything is read: whoever asks meanwhile is told that the server starts.
  const url = await listener.listen({ host: options.host, port: options.port });
  const since = new Date(store.nowMs()).toISOString();
  store.announce({ pid: process.pid, since, address: url });
  const { context, admin } = await openRoutes(http, {
    options,
    store,
    logger,
    clock,
    ids,
    metrics,
  });
  const loops = startLoops(context);
  logger.info({ url, position: context.log.state.position }, 'ready');
  let closing: Promise<void> | undefined;
  return { url, ...admin, close: () => (closing ??= close()) };

  /** They only make the next start faster. */
  function notWritten(error: unknown): void {
    logger.error({ err: error }, 'the state was not written down');
  }

  async function close(): Promise<void> {
    context.health.stopping = true;
    listener.stopAccepting();
    context.health.stop.abort(stoppingRefusal());
    context.streams.endAll();
    const [reset] = await Promise.all([connections.drain(options.stopTimeout), loops.stop()]);
    if (reset > 0) logger.warn({ requests: reset }, 'requests were under way for too long: reset');
    await app.close();
    await context.intake.close();
    // The cache first: a start begins with one that lies before everything that the intake has not heard of.
    await context.log.writeCache().catch(notWritten);
    await writeCheckpoint(context).catch(notWritten);
    await store.close();
    logger.info('stopped');
  }
}
