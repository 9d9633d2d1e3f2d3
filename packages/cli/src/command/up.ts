import { changeFlagHere } from '../api/flag-change.ts';
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
    const answer = await changeFlagHere(
      api(),
      { project, environment, flag },
      { verb: 'up', justification: input.text('justification') },
    );
    printer.result(answer, () => [
      answer.changed
        ? `${flag} is up in ${environment} from version ${answer.version} on; a rollout stays paused until \`downhaul rollout resume ${flag}\``
        : `${flag} was not down in ${environment}`,
    ]);
    return EXIT.ok;
  },
};
