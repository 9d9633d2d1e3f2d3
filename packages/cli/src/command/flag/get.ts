import { withSuggestions } from '../../api/suggest.ts';
import { EXIT } from '../../exit-code.ts';
import { documentLines } from '../../view/document.ts';
import { flagArgument } from '../options.ts';
import type { CommandModule } from '../types.ts';

export const flagGet: CommandModule = {
  words: ['flag', 'get'],
  summary: 'Print a flag as a document, every default filled in',
  description:
    'Prints a flag as a document, every default filled in. With --json also where it stands in each environment.',
  arguments: [flagArgument],
  run: async ({ api, printer, project }, input) => {
    const flag = input.argument(0);
    const answer = await withSuggestions(api(), { project, flag }, () =>
      api().ask((client, how) =>
        client.GET('/api/v1/projects/{project}/flags/{flag}', {
          params: { path: { project, flag } },
          ...how,
        }),
      ),
    );
    printer.result(answer, () => documentLines(answer));
    return EXIT.ok;
  },
};
