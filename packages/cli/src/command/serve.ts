import { resolve } from 'node:path';
import { parseYaml } from '../document/parse-yaml.ts';
import { readText } from '../document/read-text.ts';
import { CommandError } from '../error.ts';
import { EXIT, exitCodeOf } from '../exit-code.ts';
import type { Io } from '../io/types.ts';
import type { ServerOptions } from '../serve/load-server.ts';
import { loadServer, withServerErrors } from '../serve/load-server.ts';
import type { CommandInput } from './input.ts';
import type { CommandModule, OptionSpec } from './types.ts';

export const serve: CommandModule = {
  words: ['serve'],
  summary: 'Start a server',
  description:
    'Starts a server and ends it in order at Ctrl-C, SIGTERM or SIGHUP: requests under way are answered, within --stop-timeout; a second Ctrl-C or SIGTERM ends it at once. Every option is also an environment variable and a key of the configuration file; the flag goes before the variable before the file.',
  options: serverOptions,
  examples: [
    'downhaul serve',
    'downhaul serve --port 9090 --data-directory /var/lib/downhaul',
    'downhaul serve --config downhaul.yaml',
  ],
  run: async ({ io, printer }, input) => {
    const { readOptions, startServer } = await loadServer();
    const configuration = await readConfiguration(io, input.text('config'));
    const server = await withServerErrors(async () => {
      const argv = await serverArguments(input);
      return startServer(located(io, readOptions({ argv, environment: io.env, configuration })));
    });
    if (server.adminToken !== undefined)
      printer.note(`the first admin token is in ${server.adminTokenFile}`);
    printer.note(`Downhaul listens on ${server.url}`);
    await aborted(io.interrupted);
    printer.note('stopping');
    await server.close();
    return exitCodeOf(io.interrupted.reason);
  },
};

/** Files and directories as absolute paths: nothing may depend on a later working directory. */
function located(io: Io, options: ServerOptions): ServerOptions {
  const { dataDirectory, backupDirectory } = options;
  return {
    ...options,
    dataDirectory: resolve(io.directory, dataDirectory),
    ...(backupDirectory === undefined
      ? {}
      : { backupDirectory: resolve(io.directory, backupDirectory) }),
  };
}

async function serverOptions(): Promise<readonly OptionSpec[]> {
  const { flagOf, OPTION_NAMES, OPTIONS, variableOf } = await loadServer();
  const options = OPTION_NAMES.map((name): OptionSpec => {
    const { type, description, ...more } = OPTIONS[name];
    const value = type === 'boolean' ? '' : ` <${type}>`;
    const preset = 'default' in more ? `, default ${more.default}` : '';
    return {
      syntax: `${flagOf(name)}${value}`,
      description: `${description} (${variableOf(name)}${preset})`,
    };
  });
  return [
    ...options,
    { syntax: '--config <file>', description: 'YAML or JSON file with the same options by key' },
  ];
}

/** The options as the server's own reader wants them. */
async function serverArguments(input: CommandInput): Promise<string[]> {
  const { flagOf, OPTION_NAMES } = await loadServer();
  return OPTION_NAMES.flatMap((name) => {
    const text = input.text(name);
    if (text !== undefined) return [`${flagOf(name)}=${text}`];
    return input.enabled(name) ? [flagOf(name)] : [];
  });
}

async function readConfiguration(
  io: Io,
  file: string | undefined,
): Promise<Readonly<Record<string, unknown>>> {
  if (file === undefined) return {};
  const [first, ...others] = parseYaml(file, await readText(io, file));
  if (first === undefined) return {};
  const { value } = first;
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (isObject && others.length === 0) return value as Record<string, unknown>;
  throw new CommandError({
    exitCode: EXIT.usage,
    code: 'cli_configuration',
    message: `the configuration ${file} cannot be read: it is not one object of options`,
    accepted: 'YAML or JSON such as `port: 9090`',
  });
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    if (signal.aborted) done();
    else signal.addEventListener('abort', () => done(), { once: true });
  });
}
