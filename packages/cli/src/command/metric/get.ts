import { EXIT } from '../../exit-code.ts';
import { documentLines } from '../../view/document.ts';
import type { CommandModule } from '../types.ts';

export const metricGet: CommandModule = {
  words: ['metric', 'get'],
  summary: 'Print a metric as a document, every default filled in',
  arguments: [{ syntax: '<metric>', description: 'key of the metric' }],
  run: async ({ api, printer, project }, input) => {
    const metric = input.argument(0);
    const answer = await api().ask((client, how) =>
      client.GET('/api/v1/projects/{project}/metrics/{metric}', {
        params: { path: { project, metric } },
        ...how,
      }),
    );
    printer.result(answer, () => documentLines(answer));
    return EXIT.ok;
  },
};
