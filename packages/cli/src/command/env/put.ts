import { EXIT } from '../../exit-code.ts';
import { justificationOption } from '../options.ts';
import type { CommandModule } from '../types.ts';

export const envPut: CommandModule = {
  words: ['env', 'put'],
  summary: 'Create an environment',
  arguments: [{ syntax: '<name>', description: 'key of the environment' }],
  options: [
    { syntax: '--owner <owner>', description: 'who answers for it (required)' },
    { syntax: '--order <number>', description: 'its place: staging before production (default 0)' },
    justificationOption,
  ],
  examples: ['downhaul env put staging --owner team-platform --order 1'],
  run: async ({ api, printer, project }, input) => {
    const name = input.argument(0);
    const body = { owner: input.required('owner'), order: input.integer('order') ?? 0 };
    const answer = await api().change(
      (client, how) =>
        client.PUT('/api/v1/projects/{project}/environments/{environment}', {
          params: { path: { project, environment: name } },
          body,
          ...how,
        }),
      { justification: input.text('justification') },
    );
    printer.result(answer, () => [
      answer.changed ? `environment ${name} is created` : `environment ${name} is there already`,
    ]);
    return EXIT.ok;
  },
};
