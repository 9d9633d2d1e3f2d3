import type { TokenAnswer } from '../../api/answers.ts';
import { EXIT } from '../../exit-code.ts';
import { table } from '../../output/table.ts';
import type { CommandModule } from '../types.ts';

export const tokenList: CommandModule = {
  words: ['token', 'list'],
  summary: 'List the tokens that are in force, without their secrets',
  run: async ({ api, printer }) => {
    const answer = await api().ask((client, how) => client.GET('/api/v1/tokens', how));
    printer.result(answer, () =>
      table(answer.tokens, [
        { title: 'id', value: ({ id }) => id },
        { title: 'name', value: ({ name }) => name, mark: printer.style.strong },
        { title: 'kind', value: ({ kind }) => kind },
        { title: 'rights', value: ({ kind, rights }) => rights.join(', ') || kind },
        { title: 'bound to', value: boundTo },
      ]),
    );
    return EXIT.ok;
  },
};

function boundTo({ project, environment, service }: TokenAnswer): string {
  return [project, environment, service].filter((part) => part !== undefined).join('/') || '-';
}
