import { listEnvironments } from '../../api/lists.ts';
import { EXIT } from '../../exit-code.ts';
import { table } from '../../output/table.ts';
import type { CommandModule } from '../types.ts';

export const envList: CommandModule = {
  words: ['env', 'list'],
  summary: 'List the environments of a project, in their order',
  run: async ({ api, printer, project }) => {
    const environments = await listEnvironments(api(), project);
    printer.result({ environments }, () =>
      table(environments, [
        { title: 'environment', value: ({ key }) => key, mark: printer.style.strong },
        { title: 'order', align: 'right', value: ({ order }) => order },
        { title: 'version', align: 'right', value: ({ version }) => version },
        { title: 'owner', value: ({ owner }) => owner },
      ]),
    );
    return EXIT.ok;
  },
};
