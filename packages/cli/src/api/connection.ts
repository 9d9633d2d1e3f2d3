import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { CommandError } from '../error.ts';
import { EXIT } from '../exit-code.ts';
import type { Io } from '../io/types.ts';

const DEFAULT_URL = 'http://127.0.0.1:8080';
/** Where a local server keeps its data unless told otherwise; it writes its first token there. */
const LOCAL_TOKEN_FILE = '.downhaul/admin-token';

export interface Connection {
  readonly url: string;
  /** Asked before each attempt: a server that is just starting writes its first token only then. */
  readonly token: () => string | undefined;
}

/** What the command line says about the connection; each one goes before its environment variable. */
interface ConnectionOptions {
  readonly url?: string | undefined;
  readonly token?: string | undefined;
  readonly tokenFile?: string | undefined;
}

/**
 * Which server to speak to and with which token: the command line, then the environment, then the
 * token of a server on this machine that was started in the working directory. That last one is
 * never sent anywhere but to this machine.
 */
export function resolveConnection(io: Io, options: ConnectionOptions): Connection {
  const url = serverUrl(options.url ?? (io.env['DOWNHAUL_URL'] || DEFAULT_URL));
  return { url: url.href.replace(/\/+$/, ''), token: findToken(io, options, url) };
}

function serverUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && (url.protocol === 'http:' || url.protocol === 'https:') && !url.username) return url;
  throw new CommandError({
    exitCode: EXIT.usage,
    code: 'cli_url',
    message: `${JSON.stringify(text)} is not the address of a server`,
    accepted: 'http://HOST:PORT or https://HOST:PORT, without a user name',
  });
}

function findToken(io: Io, options: ConnectionOptions, url: URL): Connection['token'] {
  const given = givenToken(io, options);
  if (given !== undefined) return () => given;
  const file = resolve(io.directory, LOCAL_TOKEN_FILE);
  return isLoopback(url) ? () => readLocalToken(file) : () => undefined;
}

function givenToken(io: Io, options: ConnectionOptions): string | undefined {
  if (options.token !== undefined) return options.token;
  if (options.tokenFile !== undefined) return readToken(resolve(io.directory, options.tokenFile));
  if (io.env['DOWNHAUL_TOKEN']) return io.env['DOWNHAUL_TOKEN'];
  const file = io.env['DOWNHAUL_TOKEN_FILE'];
  return file ? readToken(resolve(io.directory, file)) : undefined;
}

function readToken(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new CommandError({
      exitCode: EXIT.usage,
      code: 'cli_token_file',
      message: `the token cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    });
  }
}

function readLocalToken(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return undefined;
  }
}

function isLoopback(url: URL): boolean {
  return /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname);
}
