import { changeFlag } from '../api/change-flag.ts';
import { EXIT } from '../exit-code.ts';
import { flagArgument, justificationOption } from './options.ts';
import type { CommandModule } from './types.ts';

export const up: CommandModule = {
  words: ['up'],
  summary: 'End a down: rules apply again, a rollout stays paused',
  arguments: [flagArgument],
  options: [justificationOption],
  run: async ({ api, printer, project, environment }, input) => {
    const flag = input.argument(0);
    const place = { project, environment, flag };
    const answer = await changeFlag(api(), place, {
      call: (client, how) =>
        client.POST('/api/v1/projects/{project}/environments/{environment}/flags/{flag}/up', {
          params: { path: place },
          ...how,
        }),
      justification: input.text('justification'),
    });
    printer.result(answer, () => [
      answer.changed
        ? `${flag} is up in ${environment} from version ${answer.version} on; a rollout that was going on stays paused until \`downhaul rollout resume ${flag}\``
        : `${flag} was not down in ${environment}`,
    ]);
    return EXIT.ok;
  },
};
