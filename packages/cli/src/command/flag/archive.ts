import { withSuggestions } from '../../api/suggest.ts';
import { EXIT } from '../../exit-code.ts';
import { flagArgument, ifVersionOption, justificationOption } from '../options.ts';
import type { CommandModule } from '../types.ts';

export const flagArchive: CommandModule = {
  words: ['flag', 'archive'],
  summary: 'Archive a flag for good: its key is never used again',
  arguments: [flagArgument],
  options: [ifVersionOption, justificationOption],
  run: async ({ api, printer, project }, input) => {
    const flag = input.argument(0);
    const answer = await withSuggestions(api(), { project, flag }, () =>
      api().change(
        (client, how) =>
          client.DELETE('/api/v1/projects/{project}/flags/{flag}', {
            params: { path: { project, flag } },
            ...how,
          }),
        { ifVersion: input.integer('ifVersion'), justification: input.text('justification') },
      ),
    );
    printer.result(answer, () => [
      answer.changed
        ? `${flag} is archived: code that still asks for it gets its own default`
        : `${flag} was archived already`,
    ]);
    return EXIT.ok;
  },
};
