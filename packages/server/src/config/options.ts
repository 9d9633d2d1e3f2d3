/** How a value is written in a flag, an environment variable or a configuration. */
export type OptionType = 'text' | 'path' | 'integer' | 'boolean' | 'duration';

export interface OptionEntry {
  readonly type: OptionType;
  /** As a person would write it; absent where there is none. */
  readonly default?: string;
  readonly description: string;
}

/**
 * Every option of the server. `dataDirectory` is `--data-directory`, `DOWNHAUL_DATA_DIRECTORY` and
 * the configuration key `dataDirectory`; the flag goes before the variable before the configuration.
 */
export const OPTIONS = {
  dataDirectory: {
    type: 'path',
    default: '.downhaul',
    description: 'Where the log, the first admin token and the note of the holder are kept.',
  },
  host: {
    type: 'text',
    default: '127.0.0.1',
    description: 'Address to listen on. Anything but loopback needs TLS or `insecurePlain`.',
  },
  port: { type: 'integer', default: '8080', description: 'Port to listen on; 0 takes a free one.' },
  tlsCert: { type: 'path', description: 'PEM file with the certificate chain.' },
  tlsKey: { type: 'path', description: 'PEM file with the private key.' },
  insecurePlain: {
    type: 'boolean',
    default: 'false',
    description: 'Serve without TLS on other addresses than loopback, behind a proxy that has it.',
  },
  logLevel: {
    type: 'text',
    default: 'info',
    description: 'fatal, error, warn, info, debug, trace or silent.',
  },
  reportInterval: {
    type: 'duration',
    default: '10s',
    description:
      'How often an SDK sends its telemetry report. A batch closes 1.5 times this after its end.',
  },
  heartbeat: {
    type: 'duration',
    default: '10s',
    description: 'How often a stream says that it is alive.',
  },
  tickInterval: {
    type: 'duration',
    default: '1s',
    description: 'How often rollouts and proofs are looked at.',
  },
  stopTimeout: {
    type: 'duration',
    default: '10s',
    description:
      'At a stop, how long requests under way are waited for. What is left is reset, counted and logged.',
  },
  maxConnectionsWithoutToken: {
    type: 'integer',
    description:
      'How many connections may be open that have shown no valid token; default a quarter of the open files allowed, at most 4096. Beyond it the oldest of the address with the most is ended.',
  },
  instanceExpiry: {
    type: 'duration',
    default: '1h',
    description: 'After so long without a word an instance is presumed gone.',
  },
  maxInstancesPerToken: {
    type: 'integer',
    default: '1000',
    description:
      'How many live instances one SDK token may have; new ones beyond are refused, known ones never.',
  },
  acceptLoss: {
    type: 'boolean',
    default: 'false',
    description:
      'Start once on a store that lacks what was acknowledged; the log records what was lost.',
  },
  backupDirectory: {
    type: 'path',
    description: 'Where `POST /backup` writes; default `backups` in the data directory.',
  },
  idempotencyRetention: {
    type: 'duration',
    default: '7d',
    description: 'How long a repeated command is recognised by its key.',
  },
  prometheus: {
    type: 'text',
    description:
      'Prometheus servers that metrics may name, as `name=url`, several with commas between them.',
  },
  prometheusAuth: {
    type: 'text',
    description:
      'How to sign in there, as `name=bearer:env:VARIABLE`, `name=basic:file:PATH` (`user:password`), with commas.',
  },
  intakeRetention: {
    type: 'duration',
    default: '7d',
    description: 'How long telemetry is kept as it came in; what was derived from it stays.',
  },
} as const satisfies Readonly<Record<string, OptionEntry>>;

export type OptionName = keyof typeof OPTIONS;

export const OPTION_NAMES = Object.keys(OPTIONS) as readonly OptionName[];

/** `dataDirectory` to `--data-directory`. */
export function flagOf(name: OptionName): string {
  return `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** `dataDirectory` to `DOWNHAUL_DATA_DIRECTORY`. */
export function variableOf(name: OptionName): string {
  return `DOWNHAUL_${name.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}
