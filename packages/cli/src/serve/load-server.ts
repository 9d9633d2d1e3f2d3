import type * as Server from '@downhaul/server';
import { CommandError } from '../error.ts';
import { EXIT } from '../exit-code.ts';

export type { ServerOptions } from '@downhaul/server';

/**
 * The server's own code, for `serve` and for what is done to its files while it does not run. Loaded
 * only then: every other command speaks to a server over HTTP and starts faster without.
 */
export function loadServer(): Promise<typeof Server> {
  return import('@downhaul/server');
}

/** Errors of the server that a person can do something about, as errors of this command. */
export async function withServerErrors<T>(work: () => Promise<T> | T): Promise<T> {
  const { OptionError, StoreBehindError, StoreHeldError, StoreUnusableError } = await loadServer();
  try {
    return await work();
  } catch (error) {
    if (error instanceof OptionError) throw failure(error, 'cli_option', EXIT.usage);
    if (error instanceof StoreBehindError) throw failure(error, 'store_behind', EXIT.storeBehind);
    if (error instanceof StoreHeldError) throw failure(error, 'store_held', EXIT.conflict);
    if (error instanceof StoreUnusableError)
      throw failure(error, 'store_unusable', EXIT.checkFailed);
    if (isNoDatabase(error)) throw failure(error, 'store_unusable', EXIT.checkFailed);
    const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
    if (code === 'EADDRINUSE') throw failure(error, 'address_in_use', EXIT.conflict);
    if (code === 'ENOENT' || code === 'EACCES')
      throw failure(error, 'cli_file_unreadable', EXIT.usage);
    throw error;
  }
}

/** SQLITE_NOTADB: another kind of file, or the head of a store was overwritten. */
function isNoDatabase(error: unknown): boolean {
  return error instanceof Error && (error as { errcode?: unknown }).errcode === 26;
}

function failure(
  error: unknown,
  code: string,
  exitCode: CommandError['failure']['exitCode'],
): CommandError {
  const message = error instanceof Error ? error.message : String(error);
  return new CommandError({ exitCode, code, message }, { cause: error });
}
