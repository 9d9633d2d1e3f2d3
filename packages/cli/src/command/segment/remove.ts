import type { ChangeAnswer } from '../../api/answers.ts';
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
    const answer = await api().change<ChangeAnswer>({
      method: 'DELETE',
      path: ['projects', project, 'segments', segment],
      ifVersion: input.integer('ifVersion'),
      justification: input.text('justification'),
    });
    printer.result(answer, () => [`segment ${segment} is removed`]);
    return EXIT.ok;
  },
};
