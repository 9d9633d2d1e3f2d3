#!/usr/bin/env node
import { OptionError } from './config/option-error.ts';
import { readOptions } from './config/read-options.ts';
import { startServer } from './serve.ts';
import { StoreBehindError, StoreHeldError, StoreUnusableError } from './store/errors.ts';

/** Signals that stop a server in order, with the exit code by which a shell knows them. */
const STOPS = [
  ['SIGHUP', 129],
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const;

/** Starts a server from flags and environment; ends it in order at a signal. */
async function main(): Promise<void> {
  const options = readOptions({ argv: process.argv.slice(2), environment: process.env });
  const server = await startServer(options);
  // Before anybody can know that it runs; a second signal ends it at once.
  for (const [signal, code] of STOPS) {
    process.once(signal, () => void server.close().then(() => process.exit(code), fail));
  }
  if (server.adminToken !== undefined) {
    console.log(`Admin token (also in ${server.adminTokenFile}): ${server.adminToken}`);
  }
  console.log(`Downhaul listens on ${server.url}`);
}

/** Of its own, and the same as of `downhaul serve`: whoever restarts the server must not do so blindly. */
const STORE_BEHIND = 11;

function fail(error: unknown): never {
  const isExpected =
    error instanceof OptionError ||
    error instanceof StoreBehindError ||
    error instanceof StoreHeldError ||
    error instanceof StoreUnusableError;
  console.error(isExpected ? error.message : error);
  process.exit(error instanceof StoreBehindError ? STORE_BEHIND : 1);
}

await main().catch(fail);
