import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bootstrap, TOKEN_FILE } from './bootstrap.ts';
import { type Clock, systemClock } from './clock/clock.ts';
import type { ServerOptions } from './config/server-options.ts';
import { checkPlain } from './config/check-plain.ts';
import { addRoutes, createApp } from './http/app.ts';
import { type Ids, randomIds } from './ids/ids.ts';
import { startLoops } from './loops/loops.ts';
import { writeCheckpoint } from './loops/write-checkpoint.ts';
import { openParts } from './parts.ts';
import { openSqliteStore, type SqliteStore } from './store/sqlite/open-store.ts';

export interface RunningServer {
  readonly url: string;
  /** The first admin token, when this start made it. */
  readonly adminToken: string | undefined;
  readonly adminTokenFile: string;
  /** Ends streams and requests, writes everything down and lets the store go. */
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

async function serve(
  store: SqliteStore,
  options: ServerOptions,
  seams: ServerSeams,
): Promise<RunningServer> {
  const { clock = systemClock, ids = randomIds, logStream } = seams;
  const tls = readTls(options);
  const app = createApp({
    logLevel: options.logLevel,
    ids,
    ...(tls ? { tls } : {}),
    ...(logStream ? { logStream } : {}),
  });
  const logger = app.log;
  const context = await openParts({ options, store, logger, clock, ids });
  const admin = await bootstrap(context);
  await addRoutes(app, context);
  const url = await app.listen({ host: options.host, port: options.port });
  const since = new Date(store.nowMs()).toISOString();
  store.announce({ pid: process.pid, since, address: url });
  const loops = startLoops(context);
  logger.info({ url, position: context.log.state.position }, 'ready');
  let closing: Promise<void> | undefined;
  return { url, ...admin, close: () => (closing ??= close()) };

  async function close(): Promise<void> {
    context.health.stopping = true;
    await loops.stop();
    context.streams.endAll();
    await app.close();
    await context.intake.close();
    // The cache first: a start begins with one that lies before everything that the intake has not heard of.
    await context.log.writeCache();
    await writeCheckpoint(context);
    await store.close();
    logger.info('stopped');
  }
}

function readTls({ tlsCert, tlsKey }: ServerOptions): { cert: Buffer; key: Buffer } | undefined {
  if (tlsCert === undefined || tlsKey === undefined) return undefined;
  return { cert: readFileSync(tlsCert), key: readFileSync(tlsKey) };
}
