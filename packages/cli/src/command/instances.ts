import type { InstancesAnswer } from '../api/answers.ts';
import { CommandError } from '../error.ts';
import { EXIT } from '../exit-code.ts';
import type { ExitCode } from '../exit-code.ts';
import type { Style } from '../output/style.ts';
import { table } from '../output/table.ts';
import { formatTime } from '../view/time.ts';
import type { CommandInput } from './input.ts';
import { justificationOption } from './options.ts';
import type { CommandContext, CommandModule } from './types.ts';

type Instance = InstancesAnswer['instances'][number];

export const instances: CommandModule = {
  words: ['instances'],
  summary: 'Show which instance runs which version, and what it lost',
  description:
    'Shows which instance of which service runs which version. With --retire an operator says that one is gone, or with --token all that last spoke with a token, so that they no longer keep a rollback proof open; the proof says so. The instances of a revoked token are cut off: they may still serve what they have, so they stay in proofs until somebody says that they are gone, or until they are presumed gone.',
  options: [
    { syntax: '--all', description: 'those that have left too' },
    {
      syntax: '--retire [instance]',
      description: 'say that this instance is gone; may be repeated',
      repeatable: true,
    },
    { syntax: '--service <service>', description: 'the service of the instance to retire' },
    {
      syntax: '--of-token <id>',
      description:
        'with --retire: all that last spoke with this token; `--token ID` is the same here',
    },
    justificationOption,
  ],
  run: async (context, input) => {
    const { api, printer, project, environment } = context;
    const here = { project, environment };
    const token = input.text('ofToken');
    if (token !== undefined) return retireToken(context, input, token);
    const retired = input.texts('retire');
    if (retired.length > 0) return retire(context, input, retired);
    if (input.enabled('retire')) throw nothingToRetire();
    const answer = await api().ask((client, how) =>
      client.GET('/api/v1/projects/{project}/environments/{environment}/instances', {
        params: { path: here },
        ...how,
      }),
    );
    const shown = answer.instances.filter(({ live }) => live || input.enabled('all'));
    printer.result({ ...answer, instances: shown }, () => [
      ...instanceLines(answer.version, shown, printer.style),
      ...answer.refused.map(
        ({ token, service, requests }) =>
          `${requests} requests of new instances of ${service} were refused: the token ${token} has as many as it may`,
      ),
    ]);
    return EXIT.ok;
  },
};

/** One after the other; what was retired before a refusal stays so. */
async function retire(
  { api, printer, project, environment }: CommandContext,
  input: CommandInput,
  names: readonly string[],
): Promise<ExitCode> {
  const retired: { readonly instance: string; readonly version: number }[] = [];
  const service = input.text('service');
  const body = service === undefined ? {} : { service };
  for (const instance of names) {
    const { version } = await api().change(
      (client, how) =>
        client.POST(
          '/api/v1/projects/{project}/environments/{environment}/instances/{instance}/retire',
          { params: { path: { project, environment, instance } }, body, ...how },
        ),
      { justification: input.text('justification') },
    );
    retired.push({ instance, version });
    if (!printer.json)
      printer.result(undefined, () => [`${instance} counts as gone in ${environment}`]);
  }
  if (printer.json) printer.result({ retired }, () => []);
  return EXIT.ok;
}

async function retireToken(
  { api, printer, project, environment }: CommandContext,
  input: CommandInput,
  token: string,
): Promise<ExitCode> {
  if (!input.enabled('retire') && input.texts('retire').length === 0) throw nothingToRetire();
  const { version } = await api().change(
    (client, how) =>
      client.POST('/api/v1/projects/{project}/environments/{environment}/tokens/{token}/retire', {
        params: { path: { project, environment, token } },
        ...how,
      }),
    { justification: input.text('justification') },
  );
  printer.result({ retired: [{ token, version }] }, () => [
    `all instances of the token ${token} count as gone in ${environment}`,
  ]);
  return EXIT.ok;
}

function nothingToRetire(): CommandError {
  return new CommandError({
    exitCode: EXIT.usage,
    code: 'cli_option',
    message: 'nothing says what is to be retired',
    accepted: '--retire INSTANCE, or --retire --token ID',
  });
}

function instanceLines(version: number, shown: readonly Instance[], style: Style): string[] {
  if (shown.length === 0) return [`no instances; the environment is at version ${version}`];
  const current = shown.filter((each) => each.live && (each.version ?? -1) >= version).length;
  const live = shown.filter((each) => each.live).length;
  return [
    ...table(shown, [
      { title: 'instance', value: ({ id }) => id, mark: style.strong },
      { title: 'service', value: ({ service }) => service },
      {
        title: 'version',
        align: 'right',
        value: (each) => each.version,
        mark: (cell, each) =>
          each.live && (each.version ?? -1) < version ? style.warning(cell) : cell,
      },
      { title: 'state', value: stateOf },
      { title: 'last heard', value: ({ lastContactAtMs }) => formatTime(lastContactAtMs) },
      { title: 'lost', align: 'right', value: (each) => each.reportsLost + each.itemsDropped },
      { title: 'sdk', value: ({ sdk }) => sdk },
    ]),
    '',
    ...shown.flatMap(readingLines),
    `${current} of ${live} run version ${version}`,
  ];
}

/** What an instance could not make use of, and what it does instead. */
function readingLines({ id, unreadable, refused }: Instance): string[] {
  const lines: string[] = [];
  if (refused) {
    const version = refused.version === undefined ? 'a version' : `version ${refused.version}`;
    lines.push(`${id} refuses ${version}: ${refused.why}`);
  }
  if (unreadable) {
    const more = unreadable.more > 0 ? ` and ${unreadable.more} more` : '';
    lines.push(
      `${id} cannot read ${unreadable.flags.join(', ')}${more}, and serves the code defaults`,
    );
  }
  return lines;
}

function stateOf(instance: Instance): string {
  if (instance.left) return `left (${instance.left.why})`;
  if (instance.cutOff) return `cut off (token ${instance.token ?? ''} was revoked)`;
  return `${instance.class}, ${instance.streamOpen ? 'connected' : 'not connected'}`;
}
