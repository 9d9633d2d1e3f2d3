import { EXIT } from '../../exit-code.ts';
import { documentLines } from '../../view/document.ts';
import type { CommandModule } from '../types.ts';

export const segmentGet: CommandModule = {
  words: ['segment', 'get'],
  summary: 'Print a segment as a document',
  arguments: [{ syntax: '<segment>', description: 'key of the segment' }],
  run: async ({ api, printer, project }, input) => {
    const segment = input.argument(0);
    const answer = await api().ask((client, how) =>
      client.GET('/api/v1/projects/{project}/segments/{segment}', {
        params: { path: { project, segment } },
        ...how,
      }),
    );
    printer.result(answer, () => documentLines(answer));
    return EXIT.ok;
  },
};
