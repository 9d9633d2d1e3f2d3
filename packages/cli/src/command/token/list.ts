import { EXIT } from '../../exit-code.ts';
import { table } from '../../output/table.ts';
import type { CommandModule } from '../types.ts';

interface TokenAnswer {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly project?: string;
  readonly environment?: string;
  readonly service?: string;
  readonly rights: readonly string[];
}

export const tokenList: CommandModule = {
  words: ['token', 'list'],
  summary: 'List the tokens that are in force, without their secrets',
  run: async ({ api, printer }) => {
    const answer = await api().ask<{ tokens: readonly TokenAnswer[] }>({ path: ['tokens'] });
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
