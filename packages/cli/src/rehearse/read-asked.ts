import { CommandError } from '../error.ts';
import { EXIT } from '../exit-code.ts';
import type { CommandInput } from '../command/input.ts';
import type { OptionSpec } from '../command/types.ts';

/** What is asked of a rehearsal, in the words of the API. */
export interface Asked {
  readonly scenarios?: string[];
  readonly standard?: boolean;
  readonly runs?: number;
  readonly seed?: string;
  readonly suggest?: boolean;
  readonly unitsPerSecond?: number;
  readonly daySwing?: number;
  readonly returningShare?: number;
  readonly audienceShare?: number;
  readonly rates?: Record<string, number>;
}

export const askedOptions: readonly OptionSpec[] = [
  {
    syntax: '-s, --scenario <scenario>',
    description: 'what goes wrong, such as "errors x3 from 25%" (default: the standard set)',
    repeatable: true,
  },
  { syntax: '--standard', description: 'the standard scenarios as well' },
  { syntax: '-n, --runs <count>', description: 'of each scenario (default 200)' },
  { syntax: '--seed <text>', description: 'the same seed gives the same figures' },
  {
    syntax: '--traffic <rate>',
    description: 'distinct units: 200/s, 50/min, 9000/h (default: as seen lately)',
  },
  { syntax: '--day-swing <share>', description: 'by how much traffic swings over a day: 50%' },
  { syntax: '--error-rate <share>', description: 'of http.error_rate in control: 0.1%' },
  {
    syntax: '--rate <metric=share>',
    description: 'chance of a bad outcome in control, by metric',
    repeatable: true,
  },
  { syntax: '--returning <share>', description: 'units of a later stage that were seen before' },
  { syntax: '--audience <share>', description: 'how many of all units an audience holds' },
  { syntax: '--no-suggest', description: 'do not try what would mend what was found' },
];

const PER_SECOND: Readonly<Record<string, number>> = { s: 1, sec: 1, min: 60, m: 60, h: 3_600 };

/** Reads the options above. Throws CommandError for one that cannot be read. */
export function readAsked(input: CommandInput): Asked {
  const scenarios = [...input.texts('scenario')];
  const shares = {
    daySwing: shareOf(input, 'daySwing'),
    returningShare: shareOf(input, 'returning'),
    audienceShare: shareOf(input, 'audience'),
  };
  return {
    ...(scenarios.length > 0 ? { scenarios } : {}),
    ...(input.enabled('standard') ? { standard: true } : {}),
    ...(input.disabled('suggest') ? { suggest: false } : {}),
    ...withoutUndefined({
      runs: input.integer('runs'),
      seed: input.text('seed'),
      unitsPerSecond: trafficOf(input),
      ...shares,
      rates: ratesOf(input),
    }),
  };
}

function trafficOf(input: CommandInput): number | undefined {
  const text = input.text('traffic');
  if (text === undefined) return undefined;
  const [, count, unit] = /^(\d{1,9}(?:\.\d{1,6})?)\/(s|sec|min|m|h)$/.exec(text) ?? [];
  const seconds = PER_SECOND[unit ?? ''];
  if (seconds !== undefined && Number(count) > 0) return Number(count) / seconds;
  throw wrong('traffic', text, 'units per time, such as 200/s, 50/min or 9000/h');
}

function ratesOf(input: CommandInput): Record<string, number> | undefined {
  const rates = new Map<string, number>();
  const errors = shareOf(input, 'errorRate');
  if (errors !== undefined) rates.set('http.error_rate', errors);
  for (const text of input.texts('rate')) {
    const [, metric, share] = /^([^=]+)=(.+)$/.exec(text) ?? [];
    const rate = parseShare(share ?? '');
    if (metric === undefined || rate === undefined)
      throw wrong('rate', text, 'a metric and its share, such as order.placed=70%');
    if (rates.has(metric)) throw wrong('rate', text, `one rate of ${metric}`);
    rates.set(metric, rate);
  }
  return rates.size > 0 ? Object.fromEntries(rates) : undefined;
}

function shareOf(input: CommandInput, name: string): number | undefined {
  const text = input.text(name);
  if (text === undefined) return undefined;
  const share = parseShare(text);
  if (share !== undefined) return share;
  throw wrong(
    name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
    text,
    'a percentage from 0% to 100% with at most nine decimals',
  );
}

function parseShare(text: string): number | undefined {
  // At most as many decimals as a double keeps beside them.
  const percent = /^(\d{1,3}(?:\.\d{1,9})?)%$/.exec(text)?.[1];
  const share = percent === undefined ? undefined : Number(`${percent}e-2`);
  return share !== undefined && share <= 1 ? share : undefined;
}

function wrong(option: string, text: string, accepted: string): CommandError {
  return new CommandError({
    exitCode: EXIT.usage,
    code: 'cli_option',
    message: `--${option} cannot be ${JSON.stringify(text)}`,
    accepted,
  });
}

function withoutUndefined<Values extends Readonly<Record<string, unknown>>>(
  values: Values,
): { [Name in keyof Values]?: Exclude<Values[Name], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [Name in keyof Values]?: Exclude<Values[Name], undefined>;
  };
}
