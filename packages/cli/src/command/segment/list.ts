import type { SegmentAnswer } from '../../api/answers.ts';
import { EXIT } from '../../exit-code.ts';
import { table } from '../../output/table.ts';
import type { CommandModule } from '../types.ts';

export const segmentList: CommandModule = {
  words: ['segment', 'list'],
  summary: 'List the segments of a project',
  run: async ({ api, printer, project }) => {
    const path = ['projects', project, 'segments'];
    const answer = await api().ask<{ segments: readonly SegmentAnswer[] }>({ path });
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
