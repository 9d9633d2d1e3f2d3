import { parseArgs } from 'node:util';
import {
  flagOf,
  OPTION_NAMES,
  type OptionEntry,
  type OptionName,
  OPTIONS,
  variableOf,
} from './options.ts';
import { OptionError } from './option-error.ts';
import type { ServerOptions } from './server-options.ts';

export interface OptionSources {
  /** Flags, as in `process.argv.slice(2)`. */
  readonly argv?: readonly string[];
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** A parsed configuration file. */
  readonly configuration?: Readonly<Record<string, unknown>>;
}

/**
 * Reads every option from its flag, else its variable, else the configuration, else its default.
 *
 * @throws OptionError for an unknown flag or configuration key and for a value of the wrong form.
 */
export function readOptions(sources: OptionSources): ServerOptions {
  const flags = readFlags(sources.argv ?? []);
  const configuration = sources.configuration ?? {};
  refuseUnknownKeys(configuration);
  const values: Partial<Record<OptionName, unknown>> = {};
  for (const name of OPTION_NAMES) {
    const entry: OptionEntry = OPTIONS[name];
    const found = find(name, { flags, environment: sources.environment ?? {}, configuration });
    const text = found?.text ?? entry.default;
    if (text !== undefined) values[name] = parse(text, entry, found?.place ?? flagOf(name));
  }
  return values as unknown as ServerOptions;
}

interface Found {
  readonly text: string;
  readonly place: string;
}

type Flags = Readonly<Record<string, string | boolean | undefined>>;

function readFlags(argv: readonly string[]): Flags {
  const options = Object.fromEntries(
    OPTION_NAMES.map((name) => {
      const type = OPTIONS[name].type === 'boolean' ? ('boolean' as const) : ('string' as const);
      return [flagOf(name).slice(2), { type }];
    }),
  );
  try {
    return parseArgs({ args: [...argv], options, strict: true }).values;
  } catch (error) {
    throw new OptionError(error instanceof Error ? error.message : String(error));
  }
}

function refuseUnknownKeys(configuration: Readonly<Record<string, unknown>>): void {
  for (const key of Object.keys(configuration)) {
    if (!Object.hasOwn(OPTIONS, key)) {
      throw new OptionError(`there is no option \`${key}\`; there are ${OPTION_NAMES.join(', ')}`);
    }
  }
}

interface Places {
  readonly flags: Flags;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly configuration: Readonly<Record<string, unknown>>;
}

function find(name: OptionName, places: Places): Found | undefined {
  const flag = places.flags[flagOf(name).slice(2)];
  if (flag !== undefined) return { text: String(flag), place: flagOf(name) };
  const variable = places.environment[variableOf(name)];
  if (variable !== undefined && variable !== '') return { text: variable, place: variableOf(name) };
  const configured = places.configuration[name];
  if (configured === undefined) return undefined;
  if (!isScalar(configured)) {
    throw new OptionError(`${name} must be a text, a number or a boolean`);
  }
  return { text: String(configured), place: name };
}

function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function parse(text: string, entry: OptionEntry, place: string): unknown {
  switch (entry.type) {
    case 'text':
    case 'path':
      return text;
    case 'integer':
      return parseInteger(text, place);
    case 'boolean':
      return parseBoolean(text, place);
    case 'duration':
      return parseDuration(text, place);
  }
}

function parseInteger(text: string, place: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new OptionError(`${place} must be a whole number, not \`${text}\``);
}

function parseBoolean(text: string, place: string): boolean {
  if (text === 'true') return true;
  if (text === 'false') return false;
  throw new OptionError(`${place} must be true or false, not \`${text}\``);
}

const UNITS_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

function parseDuration(text: string, place: string): number {
  const match = /^(\d+)(ms|s|m|h|d)$/.exec(text);
  const durationMs = match ? Number(match[1]) * (UNITS_MS[match[2] ?? ''] ?? 0) : 0;
  if (durationMs > 0) return durationMs;
  throw new OptionError(
    `${place} must be a duration such as 500ms, 10s, 5m, 1h or 7d, not \`${text}\``,
  );
}
