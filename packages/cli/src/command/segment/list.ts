import { EXIT } from '../../exit-code.ts';
import { table } from '../../output/table.ts';
import type { CommandModule } from '../types.ts';

export const segmentList: CommandModule = {
  words: ['segment', 'list'],
  summary: 'List the segments of a project',
  run: async ({ api, printer, project }) => {
    const answer = await api().ask((client, how) =>
      client.GET('/api/v1/projects/{project}/segments', { params: { path: { project } }, ...how }),
    );
    printer.result(answer, () =>
      answer.segments.length === 0
        ? [`no segments in the project ${project}`]
        : table(answer.segments, [
            { title: 'segment', value: ({ key }) => key, mark: printer.style.strong },
            { title: 'owner', value: ({ owner }) => owner },
            { title: 'version', align: 'right', value: ({ version }) => version },
            { title: 'if', value: ({ if: condition }) => JSON.stringify(condition) },
          ]),
    );
    return EXIT.ok;
  },
};
