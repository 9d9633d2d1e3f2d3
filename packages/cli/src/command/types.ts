import type { Api } from '../api/api.ts';
import type { ExitCode } from '../exit-code.ts';
import type { Io } from '../io/types.ts';
import type { Printer } from '../output/printer.ts';
import type { CommandInput } from './input.ts';

/** One command of the program. Each stands in a file of its own, named after it. */
export interface CommandModule {
  /** The words that call it: `['down']`, `['flag', 'put']`. */
  readonly words: readonly [string] | readonly [string, string];
  readonly summary: string;
  /** More than a line, for its own help. */
  readonly description?: string;
  readonly arguments?: readonly ArgumentSpec[];
  /** A function where the options are only known from elsewhere. */
  readonly options?: readonly OptionSpec[] | (() => Promise<readonly OptionSpec[]>);
  readonly examples?: readonly string[];
  readonly run: (context: CommandContext, input: CommandInput) => Promise<ExitCode>;
}

export interface ArgumentSpec {
  /** `<flag>`, `[flag]`, `<file...>`. */
  readonly syntax: string;
  readonly description: string;
}

export interface OptionSpec {
  /** As commander writes them: `-n, --limit <count>`, `--no-wait`. */
  readonly syntax: string;
  readonly description: string;
  /** May be given more than once. */
  readonly repeatable?: boolean;
}

export interface CommandContext {
  readonly io: Io;
  readonly printer: Printer;
  readonly project: string;
  readonly environment: string;
  /** The server; made when first asked for, so that commands that need none ask for no token. */
  readonly api: () => Api;
}
