import { EXIT } from '../../exit-code.ts';
import { ifVersionOption, justificationOption } from '../options.ts';
import type { CommandModule } from '../types.ts';

export const metricRemove: CommandModule = {
  words: ['metric', 'remove'],
  summary: 'Remove a metric that nothing uses',
  arguments: [{ syntax: '<metric>', description: 'key of the metric' }],
  options: [ifVersionOption, justificationOption],
  run: async ({ api, printer, project }, input) => {
    const metric = input.argument(0);
    const answer = await api().change(
      (client, how) =>
        client.DELETE('/api/v1/projects/{project}/metrics/{metric}', {
          params: { path: { project, metric } },
          ...how,
        }),
      { ifVersion: input.integer('ifVersion'), justification: input.text('justification') },
    );
    printer.result(answer, () => [`metric ${metric} is removed`]);
    return EXIT.ok;
  },
};
