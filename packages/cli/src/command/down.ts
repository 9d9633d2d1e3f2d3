import { flagArgument, justificationOption, waitOptions } from './options.ts';
import type { CommandModule } from './types.ts';
import { goDown } from './way-down.ts';

export const down: CommandModule = {
  words: ['down'],
  summary: 'Bring a flag down at once: everyone gets the safe variant',
  description:
    'Brings a flag down at once: everyone in the environment gets its safe variant, above rules, overrides and rollouts, until `downhaul up`. Needs no justification and only the right to view. Safe to repeat. Exit code 0 means that every instance has it (with --no-wait only that it is in effect), 5 that it is in effect and some instance has not confirmed it yet.',
  arguments: [flagArgument],
  options: [justificationOption, ...waitOptions],
  examples: ['downhaul down new-checkout', 'downhaul down new-checkout -e staging --no-wait'],
  run: (context, input) =>
    goDown(context, input, {
      call: (place) => (client, how) =>
        client.POST('/api/v1/projects/{project}/environments/{environment}/flags/{flag}/down', {
          params: { path: place },
          ...how,
        }),
      say: ({ changed, version }) => {
        const { style } = context.printer;
        const what = `${style.strong(input.argument(0))} is ${style.bad('DOWN')} in ${context.environment}`;
        return changed
          ? `${what}: everyone gets its safe variant from version ${version} on`
          : `${what}, and was already (version ${version})`;
      },
    }),
};
