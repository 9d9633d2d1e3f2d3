import { changeFlag } from '../../api/change-flag.ts';
import { EXIT } from '../../exit-code.ts';
import { atOnceOption, flagArgument, justificationOption } from '../options.ts';
import type { CommandModule } from '../types.ts';
import { readTarget, targetOptions } from './target.ts';

export const rolloutStart: CommandModule = {
  words: ['rollout', 'start'],
  summary: 'Start a new attempt, as declared or as the options say',
  arguments: [flagArgument],
  options: [
    ...targetOptions,
    {
      syntax: '--reshuffle',
      description: 'give users to the arms anew, not as in earlier attempts',
    },
    atOnceOption,
    justificationOption,
  ],
  examples: [
    'downhaul rollout start new-checkout && downhaul rollout watch new-checkout',
    'downhaul rollout start new-checkout --plan canary --to on -j "after the fix of #212"',
  ],
  run: async ({ io, api, printer, project, environment }, input) => {
    const flag = input.argument(0);
    const target = await readTarget(io, input);
    const place = { project, environment, flag };
    const body = {
      ...target.body,
      ...(input.enabled('atOnce') ? { atOnce: true } : {}),
      ...(input.enabled('reshuffle') ? { reshuffle: true } : {}),
    };
    const answer = await changeFlag(api(), place, {
      call: (client, how) =>
        client.POST(
          '/api/v1/projects/{project}/environments/{environment}/flags/{flag}/rollout/start',
          {
            params: { path: place },
            body,
            ...how,
          },
        ),
      justification: input.text('justification'),
    }).catch((error: unknown) => {
      throw target.place(error);
    });
    printer.result(answer, () => [
      answer.changed
        ? `the rollout of ${flag} in ${environment} has started, version ${answer.version}`
        : `the rollout of ${flag} in ${environment} was going on already`,
      `to follow it: downhaul rollout watch ${flag}`,
    ]);
    return EXIT.ok;
  },
};
