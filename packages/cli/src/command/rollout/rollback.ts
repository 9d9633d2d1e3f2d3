import { flagArgument, justificationOption, waitOptions } from '../options.ts';
import type { CommandModule } from '../types.ts';
import { goDown } from '../way-down.ts';

export const rolloutRollback: CommandModule = {
  words: ['rollout', 'rollback'],
  summary: 'Take the share of a rollout to zero at once; rules stay',
  description:
    'Takes the share of a rollout to zero at once; rules stay as they are. Needs no justification and only the right to view. Safe to repeat. Exit code 0 means that every instance has it, 5 that it is in effect and some instance has not confirmed it yet.',
  arguments: [flagArgument],
  options: [justificationOption, ...waitOptions],
  run: (context, input) =>
    goDown(context, input, {
      call: (place) => (client, how) =>
        client.POST(
          '/api/v1/projects/{project}/environments/{environment}/flags/{flag}/rollout/rollback',
          {
            params: { path: place },
            ...how,
          },
        ),
      say: ({ changed, version }) => {
        const what = `the rollout of ${context.printer.style.strong(input.argument(0))} in ${context.environment}`;
        return changed
          ? `${what} is rolled back from version ${version} on`
          : `${what} was rolled back already (version ${version})`;
      },
    }),
};
