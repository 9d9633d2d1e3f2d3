import { EXIT } from '../../exit-code.ts';
import { justificationOption } from '../options.ts';
import type { CommandModule } from '../types.ts';

export const projectPut: CommandModule = {
  words: ['project', 'put'],
  summary: 'Create a project',
  arguments: [{ syntax: '<name>', description: 'key of the project' }],
  options: [justificationOption],
  run: async ({ api, printer }, input) => {
    const name = input.argument(0);
    const answer = await api().change(
      (client, how) =>
        client.PUT('/api/v1/projects/{project}', { params: { path: { project: name } }, ...how }),
      { justification: input.text('justification') },
    );
    printer.result(answer, () => [
      answer.changed ? `project ${name} is created` : `project ${name} is there already`,
    ]);
    return EXIT.ok;
  },
};
