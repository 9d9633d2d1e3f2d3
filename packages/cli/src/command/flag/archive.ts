import { withSuggestions } from '../../api/suggest.ts';
import { EXIT } from '../../exit-code.ts';
import { flagArgument, ifVersionOption, justificationOption } from '../options.ts';
import type { CommandModule } from '../types.ts';

export const flagArchive: CommandModule = {
  words: ['flag', 'archive'],
  summary: 'Archive a flag for good: its key is never used again',
  description:
    'Archives a flag for good: its key is never used again. One that serves more than its safe variant, or that live instances may evaluate, is archived only with --yes and --justification.',
  arguments: [flagArgument],
  options: [
    { syntax: '--yes', description: 'also where it is in use; needs --justification' },
    ifVersionOption,
    justificationOption,
  ],
  run: async ({ api, printer, project }, input) => {
    const flag = input.argument(0);
    const answer = await withSuggestions(api(), { project, flag }, () =>
      api().change(
        (client, how) =>
          client.DELETE('/api/v1/projects/{project}/flags/{flag}', {
            params: {
              path: { project, flag },
              query: input.enabled('yes') ? { atOnce: true } : {},
            },
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
