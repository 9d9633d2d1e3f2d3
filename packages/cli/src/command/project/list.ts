import { listProjects } from '../../api/lists.ts';
import { EXIT } from '../../exit-code.ts';
import { table } from '../../output/table.ts';
import type { CommandModule } from '../types.ts';

export const projectList: CommandModule = {
  words: ['project', 'list'],
  summary: 'List the projects',
  run: async ({ api, printer }) => {
    const projects = await listProjects(api());
    printer.result({ projects }, () =>
      table(projects, [
        { title: 'project', value: ({ key }) => key, mark: printer.style.strong },
        { title: 'flags', align: 'right', value: ({ flags }) => flags },
        { title: 'environments', value: ({ environments }) => environments.join(', ') },
      ]),
    );
    return EXIT.ok;
  },
};
