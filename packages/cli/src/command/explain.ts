import { lineAndColumn, readJson } from '@downhaul/engine';
import { withSuggestions } from '../api/suggest.ts';
import { CommandError } from '../error.ts';
import { EXIT } from '../exit-code.ts';
import { printable } from '../output/text.ts';
import type { CommandInput } from './input.ts';
import { flagArgument } from './options.ts';
import type { CommandModule } from './types.ts';

export const explain: CommandModule = {
  words: ['explain'],
  summary: 'Say why a context gets what it gets, now or at an earlier version',
  arguments: [flagArgument],
  options: [
    { syntax: '-k, --key <targetingKey>', description: 'the targeting key of the context' },
    { syntax: '-c, --context <json>', description: 'the evaluation context as a JSON object' },
    {
      syntax: '--at-version <version>',
      description: 'at this snapshot version, not at the present',
    },
  ],
  examples: [
    'downhaul explain new-checkout --key user-7',
    `downhaul explain new-checkout --context '{"targetingKey":"user-7","plan":"pro"}' --at-version 1042`,
  ],
  run: async ({ api, printer, project, environment }, input) => {
    const flag = input.argument(0);
    const context = readContext(input);
    const atVersion = input.integer('atVersion');
    const answer = await withSuggestions(api(), { project, environment, flag }, () =>
      api().ask((client, how) =>
        client.POST('/api/v1/projects/{project}/environments/{environment}/flags/{flag}/explain', {
          params: { path: { project, environment, flag } },
          body: { context, ...(atVersion === undefined ? {} : { atVersion }) },
          ...how,
        }),
      ),
    );
    printer.result(answer, () => answer.text.map(printable));
    return EXIT.ok;
  },
};

function readContext(input: CommandInput): Record<string, unknown> {
  const key = input.text('key');
  const text = input.text('context');
  if (key === undefined && text === undefined)
    throw wrongContext('whom to explain it for is missing', '--key KEY, or --context JSON');
  const context = text === undefined ? {} : parseContext(text);
  return key === undefined ? context : { ...context, targetingKey: key };
}

function parseContext(text: string): Record<string, unknown> {
  const reading = readJson(text);
  if (!reading.ok) {
    const [{ code, message, accepted, offset }] = reading.problems;
    const { line, column } = lineAndColumn(text, offset);
    const place = { file: '--context', line, column, text: text.split('\n')[line - 1] ?? '' };
    if (code === 'text_syntax')
      throw wrongContext(`--context is no JSON: ${message}`, contextForm).with({ place });
    throw new CommandError({ exitCode: EXIT.usage, code, message, accepted, place });
  }
  const { value } = reading;
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw wrongContext('--context is no JSON object', contextForm);
}

const contextForm = `an object in single quotes, such as '{"targetingKey":"user-7"}'`;

function wrongContext(message: string, accepted: string): CommandError {
  return new CommandError({ exitCode: EXIT.usage, code: 'cli_option', message, accepted });
}
