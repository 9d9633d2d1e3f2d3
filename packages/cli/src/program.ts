import { Command, CommanderError } from 'commander';
import type { Api } from './api/api.ts';
import { resolveConnection } from './api/connection.ts';
import { createHttpApi } from './api/http.ts';
import { groups } from './command/groups.ts';
import { CommandInput } from './command/input.ts';
import { withTokenToRetire } from './command/token-to-retire.ts';
import type { CommandContext, CommandModule, OptionSpec } from './command/types.ts';
import { CommandError } from './error.ts';
import { EXIT } from './exit-code.ts';
import type { ExitCode } from './exit-code.ts';
import type { Io } from './io/types.ts';
import { createPrinter } from './output/printer.ts';

interface ProgramOptions {
  readonly io: Io;
  readonly commands: readonly CommandModule[];
  readonly version: string;
}

/**
 * Reads the command line and runs the command that it names. Rejects with a CommandError for
 * whatever goes wrong, a wrong command line included.
 */
export async function runProgram({ io, commands, version }: ProgramOptions): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.ok;
  const errors: string[] = [];
  const program = createProgram(io, version, (text) => errors.push(text));
  for (const module of commands) {
    addCommand(program, module, async (input, globals) => {
      exitCode = await module.run(createContext(io, globals), input);
    });
  }
  try {
    await program.parseAsync(withTokenToRetire(io.args), { from: 'user' });
    return exitCode;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return EXIT.ok;
    // A group without a command: its help is what is wanted, and yet nothing was done.
    if (error.code === 'commander.help') {
      io.stderr.write(errors.join(''));
      return EXIT.usage;
    }
    throw usageError(error);
  }
}

function createProgram(io: Io, version: string, writeErr: (text: string) => void): Command {
  const program = new Command('downhaul')
    .description('Raise features step by step, watch them, and bring them down at once.')
    .version(version, '--version', 'print the version')
    .option('--url <url>', 'the server (DOWNHAUL_URL, default http://127.0.0.1:8080)')
    .option('--token <token>', 'the token (DOWNHAUL_TOKEN); others on this machine may see it')
    .option('--token-file <file>', 'a file with the token (DOWNHAUL_TOKEN_FILE)')
    .option('--project <project>', 'the project (DOWNHAUL_PROJECT, default `default`)')
    .option(
      '-e, --environment <environment>',
      'the environment (DOWNHAUL_ENVIRONMENT, default `production`)',
    )
    .option(
      '--retry-for <duration>',
      'how long to repeat a change that did not get through (default 5s; down, rollback 60s)',
    )
    .option('--json', 'JSON on stdout, and errors as JSON on stderr')
    .helpOption('-h, --help', 'print what a command does and takes')
    .addHelpText('after', '\nSee also: downhaul help exit-codes, downhaul help documents')
    .helpCommand('help [command]', 'help for a command or a topic')
    .exitOverride()
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      // Errors are printed in one place, as text or as JSON.
      writeErr,
      getOutHelpWidth: () => (io.stdout.isTerminal ? io.stdout.size().columns : 100),
      getErrHelpWidth: () => (io.stderr.isTerminal ? io.stderr.size().columns : 100),
      getOutHasColors: () => false,
    });
  return program;
}

type Action = (input: CommandInput, globals: Readonly<Record<string, unknown>>) => Promise<void>;

function addCommand(program: Command, module: CommandModule, action: Action): void {
  const [first, second] = module.words;
  const parent = second === undefined ? program : groupOf(program, first);
  const command = parent.command(second ?? first).summary(module.summary);
  command.description(module.description ?? module.summary);
  for (const { syntax, description } of module.arguments ?? [])
    command.argument(syntax, description);
  if (typeof module.options === 'function') readOptionsLate(program, command, module.options);
  else addOptions(command, module.options ?? []);
  if (module.examples)
    command.addHelpText(
      'after',
      `\nExamples:\n${module.examples.map((line) => `  $ ${line}`).join('\n')}\n`,
    );
  command.action(async () => {
    await action(
      new CommandInput(command.processedArgs as (string | string[])[], command.opts()),
      program.opts(),
    );
  });
}

function groupOf(program: Command, name: string): Command {
  const known = program.commands.find((command) => command.name() === name);
  return known ?? program.command(name).description(groups[name] ?? '');
}

function addOptions(command: Command, options: readonly OptionSpec[]): void {
  for (const { syntax, description, repeatable } of options) {
    if (repeatable) command.option(syntax, description, collect);
    else command.option(syntax, description);
  }
}

function collect(value: string, earlier: readonly string[] = []): string[] {
  return [...earlier, value];
}

/** Asks for the options only when this very command was called. */
function readOptionsLate(
  program: Command,
  command: Command,
  options: () => Promise<readonly OptionSpec[]>,
): void {
  program.hook('preSubcommand', async (_program, called) => {
    if (called === command) addOptions(command, await options());
  });
}

function createContext(io: Io, globals: Readonly<Record<string, unknown>>): CommandContext {
  const given = new CommandInput([], globals);
  const printer = createPrinter(io, given.enabled('json'));
  let api: Api | undefined;
  return {
    io,
    printer,
    project: given.text('project') ?? (io.env['DOWNHAUL_PROJECT'] || 'default'),
    environment: given.text('environment') ?? (io.env['DOWNHAUL_ENVIRONMENT'] || 'production'),
    api: () =>
      (api ??= createHttpApi({
        connection: resolveConnection(io, {
          url: given.text('url'),
          token: given.text('token'),
          tokenFile: given.text('tokenFile'),
        }),
        interrupted: io.interrupted,
        retryForMs: given.durationMs('retryFor'),
        onRetry: (line) => printer.note(line),
      })),
  };
}

function usageError(error: CommanderError): CommandError {
  const [message = '', ...hints] = error.message.replace(/^error: /, '').split('\n');
  return new CommandError({
    exitCode: EXIT.usage,
    code: 'cli_usage',
    message,
    hints: [
      ...hints.map((hint) => hint.replace(/^\((.*)\)$/, '$1')),
      'downhaul --help lists the commands',
    ],
  });
}
