import { CommandError } from '../error.ts';
import { EXIT } from '../exit-code.ts';
import { parseDurationMs } from '../output/figures.ts';

/** What was written behind a command, each value read as the type that the command wants. */
export class CommandInput {
  readonly #arguments: readonly (string | readonly string[] | undefined)[];
  readonly #options: Readonly<Record<string, unknown>>;

  constructor(
    given: readonly (string | readonly string[] | undefined)[],
    options: Readonly<Record<string, unknown>>,
  ) {
    this.#arguments = given;
    this.#options = options;
  }

  /** A required argument. */
  argument(index: number): string {
    const value = this.#arguments[index];
    if (typeof value !== 'string') throw new Error(`argument ${index} is not declared as required`);
    return value;
  }

  /** The last argument of a command that takes many. */
  rest(index: number): readonly string[] {
    const value = this.#arguments[index];
    return Array.isArray(value) ? (value as readonly string[]) : [];
  }

  /** Options are named as commander does: `--at-version` is `atVersion`. */
  text(name: string): string | undefined {
    const value = this.#options[name];
    return typeof value === 'string' ? value : undefined;
  }

  /** A text option that must be there. */
  required(name: string): string {
    const value = this.text(name);
    if (value !== undefined) return value;
    throw new CommandError({
      exitCode: EXIT.usage,
      code: 'cli_option',
      message: `--${flagOf(name)} is missing`,
    });
  }

  texts(name: string): readonly string[] {
    const value = this.#options[name];
    return Array.isArray(value) ? (value as readonly string[]) : [];
  }

  /** A text option with few possible values. */
  oneOf<const Value extends string>(name: string, values: readonly Value[]): Value | undefined {
    const text = this.text(name);
    return text === undefined ? undefined : choose(name, text, values);
  }

  manyOf<const Value extends string>(name: string, values: readonly Value[]): Value[] {
    return this.texts(name).map((text) => choose(name, text, values));
  }

  enabled(name: string): boolean {
    return this.#options[name] === true;
  }

  /** Whether it was given in its negative form, `--no-…`. */
  disabled(name: string): boolean {
    return this.#options[name] === false;
  }

  integer(name: string): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    if (/^\d{1,15}$/.test(text)) return Number(text);
    throw wrongOption(name, text, 'a whole number');
  }

  durationMs(name: string): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const durationMs = parseDurationMs(text);
    if (durationMs !== undefined) return durationMs;
    throw wrongOption(name, text, 'a length of time such as 500ms, 30s or 1h30m');
  }

  /** Everything given, for a command that passes its options on. */
  all(): Readonly<Record<string, unknown>> {
    return this.#options;
  }
}

function wrongOption(name: string, text: string, accepted: string): CommandError {
  return new CommandError({
    exitCode: EXIT.usage,
    code: 'cli_option',
    message: `--${flagOf(name)} cannot be ${JSON.stringify(text)}`,
    accepted,
  });
}

function flagOf(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function choose<Value extends string>(name: string, text: string, values: readonly Value[]): Value {
  const value = values.find((each) => each === text);
  if (value !== undefined) return value;
  throw wrongOption(name, text, values.join(', '));
}
