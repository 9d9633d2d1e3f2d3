import { EXIT } from '../../exit-code.ts';
import { table } from '../../output/table.ts';
import type { CommandModule } from '../types.ts';

export const metricList: CommandModule = {
  words: ['metric', 'list'],
  summary: 'List the metrics that plans of a project can name',
  run: async ({ api, printer, project }) => {
    const answer = await api().ask((client, how) =>
      client.GET('/api/v1/projects/{project}/metrics', { params: { path: { project } }, ...how }),
    );
    printer.result(answer, () =>
      table(answer.metrics, [
        { title: 'metric', value: ({ key }) => key, mark: printer.style.strong },
        { title: 'kind', value: ({ kind }) => kind },
        { title: 'worse', value: ({ worse }) => worse },
        { title: 'owner', value: ({ owner }) => owner },
        {
          title: 'version',
          align: 'right',
          value: ({ builtIn, version }) => (builtIn ? 'built in' : version),
        },
      ]),
    );
    return EXIT.ok;
  },
};
