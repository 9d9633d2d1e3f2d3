import type { InstancesAnswer } from '../api/answers.ts';
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
    'Shows which instance of which service runs which version. With --retire an operator says that one is gone, so that it no longer keeps a rollback proof open; the proof says so.',
  options: [
    { syntax: '--all', description: 'those that have left too' },
    {
      syntax: '--retire <instance>',
      description: 'say that this instance is gone; may be repeated',
      repeatable: true,
    },
    justificationOption,
  ],
  run: async (context, input) => {
    const { api, printer, project, environment } = context;
    const here = { project, environment };
    const retired = input.texts('retire');
    if (retired.length > 0) return retire(context, input, retired);
    const answer = await api().ask((client, how) =>
      client.GET('/api/v1/projects/{project}/environments/{environment}/instances', {
        params: { path: here },
        ...how,
      }),
    );
    const shown = answer.instances.filter(({ live }) => live || input.enabled('all'));
    printer.result({ ...answer, instances: shown }, () =>
      instanceLines(answer.version, shown, printer.style),
    );
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
  for (const instance of names) {
    const { version } = await api().change(
      (client, how) =>
        client.POST(
          '/api/v1/projects/{project}/environments/{environment}/instances/{instance}/retire',
          { params: { path: { project, environment, instance } }, ...how },
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
    `${current} of ${live} run version ${version}`,
  ];
}

function stateOf(instance: Instance): string {
  if (instance.left) return `left (${instance.left.why})`;
  return `${instance.class}, ${instance.streamOpen ? 'connected' : 'not connected'}`;
}
