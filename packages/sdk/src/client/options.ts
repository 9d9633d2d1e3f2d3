import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { describe } from './diagnostics.ts';
import type { DownhaulOptions } from './types.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Options with every default filled in. */
export interface ResolvedOptions {
  /** Undefined when the server cannot be spoken to; `problem` says why. */
  readonly server: { readonly url: URL; readonly token: string } | undefined;
  readonly problem: string | undefined;
  readonly project: string | undefined;
  readonly environment: string | undefined;
  readonly instance: string;
  readonly startTimeoutMs: number;
  readonly closeTimeoutMs: number;
  readonly pollIntervalMs: number;
  readonly cacheDirectory: string | undefined;
  readonly bootstrapFile: string | undefined;
  readonly leashMs: number | undefined;
  readonly limits: Limits;
}

/** What no user has to know; tests shorten it. */
export interface Limits {
  /** From opening the stream to its first event. */
  readonly helloTimeoutMs: number;
  readonly pollTimeoutMs: number;
  readonly reportTimeoutMs: number;
  /** How long a server has to insist on an older version until it is believed. */
  readonly regressionAfterMs: number;
  /** At most so often the disk copy is written. */
  readonly writeEveryMs: number;
}

const LIMITS: Limits = {
  // A proxy that buffers accepts the stream at once and then says nothing.
  helloTimeoutMs: 10_000,
  pollTimeoutMs: 10_000,
  reportTimeoutMs: 10_000,
  regressionAfterMs: 15_000,
  writeEveryMs: 2_000,
};

const LONGEST_INSTANCE = 80;

/** Reads options and environment variables. Never throws: a bad option is a problem to be logged. */
export function resolveOptions(options: DownhaulOptions, env: Environment): ResolvedOptions {
  const server = readServer(
    options.url ?? env['DOWNHAUL_URL'],
    options.token ?? env['DOWNHAUL_TOKEN'],
  );
  return {
    server: typeof server === 'string' ? undefined : server,
    problem: typeof server === 'string' ? server : undefined,
    project: options.project,
    environment: options.environment,
    instance: instanceId(options.instance),
    startTimeoutMs: positive(options.startTimeoutMs, 5_000),
    closeTimeoutMs: positive(options.closeTimeoutMs, 2_000),
    pollIntervalMs: positive(options.pollIntervalMs, 10_000),
    cacheDirectory: text(options.cacheDirectory ?? env['DOWNHAUL_CACHE_DIR']),
    bootstrapFile: text(options.bootstrapFile ?? env['DOWNHAUL_BOOTSTRAP_FILE']),
    leashMs: options.leashMs === undefined ? undefined : positive(options.leashMs, 0) || undefined,
    limits: LIMITS,
  };
}

function readServer(
  url: string | undefined,
  token: string | undefined,
): { url: URL; token: string } | string {
  if (!url) return 'no server: give `url` or DOWNHAUL_URL';
  if (!token) return 'no token: give `token` or DOWNHAUL_TOKEN';
  if (!/^[\x21-\x7e]+$/.test(token)) return 'the token has characters that no token has';
  try {
    const parsed = new URL(url);
    if (/^https?:$/.test(parsed.protocol)) return { url: parsed, token };
    return `the URL ${url} is neither http nor https`;
  } catch (error) {
    return `the URL ${url} cannot be read (${describe(error)})`;
  }
}

/** Unique per process start: sequence numbers begin anew with it. */
function instanceId(name: string | undefined): string {
  const readable = (name ?? hostname()).replace(/[^A-Za-z0-9._-]/g, '-').slice(0, LONGEST_INSTANCE);
  return `${readable || 'instance'}-${randomBytes(6).toString('hex')}`;
}

/** Another name for an instance that starts anew within its process: what said goodbye is gone for good. */
export function renewedInstance(instance: string): string {
  return instanceId(instance.replace(/-[0-9a-f]{12}$/, ''));
}

function positive(value: number | undefined, byDefault: number): number {
  return value !== undefined && Number.isFinite(value) && value > 0 ? value : byDefault;
}

function text(value: string | undefined): string | undefined {
  return value === '' ? undefined : value;
}
