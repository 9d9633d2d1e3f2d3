import { EXIT } from '../../exit-code.ts';
import { documentLines } from '../../view/document.ts';
import type { CommandModule } from '../types.ts';

export const planGet: CommandModule = {
  words: ['plan', 'get'],
  summary: 'Print a plan, every default filled in',
  arguments: [{ syntax: '<plan>', description: 'key of the plan' }],
  run: async ({ api, printer, project }, input) => {
    const plan = input.argument(0);
    const answer = await api().ask((client, how) =>
      client.GET('/api/v1/projects/{project}/plans/{plan}', {
        params: { path: { project, plan } },
        ...how,
      }),
    );
    printer.result(answer, () => documentLines(answer));
    return EXIT.ok;
  },
};
