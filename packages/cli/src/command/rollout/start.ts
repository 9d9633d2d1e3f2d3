import { changeFlagHere } from '../../api/flag-change.ts';
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
    const answer = await changeFlagHere(
      api(),
      { project, environment, flag },
      {
        verb: 'rollout/start',
        body: {
          ...target.body,
          ...(input.enabled('atOnce') ? { atOnce: true } : {}),
          ...(input.enabled('reshuffle') ? { reshuffle: true } : {}),
        },
        justification: input.text('justification'),
      },
    ).catch((error: unknown) => {
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
