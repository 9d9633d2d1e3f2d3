import { EXIT } from '../../exit-code.ts';
import { ifVersionOption, justificationOption } from '../options.ts';
import type { CommandModule } from '../types.ts';

export const segmentRemove: CommandModule = {
  words: ['segment', 'remove'],
  summary: 'Remove a segment that nothing uses',
  arguments: [{ syntax: '<segment>', description: 'key of the segment' }],
  options: [ifVersionOption, justificationOption],
  run: async ({ api, printer, project }, input) => {
    const segment = input.argument(0);
    const answer = await api().change(
      (client, how) =>
        client.DELETE('/api/v1/projects/{project}/segments/{segment}', {
          params: { path: { project, segment } },
          ...how,
        }),
      { ifVersion: input.integer('ifVersion'), justification: input.text('justification') },
    );
    printer.result(answer, () => [`segment ${segment} is removed`]);
    return EXIT.ok;
  },
};
