import { stringify } from 'yaml';
import { EXIT } from '../../exit-code.ts';
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
    printer.result(answer, () => {
      const { key, owner, if: condition, version } = answer;
      const text = stringify({ segment: key, owner, if: condition }, { lineWidth: 100 });
      return [`# version ${version}`, ...text.trimEnd().split('\n')];
    });
    return EXIT.ok;
  },
};
