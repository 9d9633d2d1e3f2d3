import { changeFlagHere } from '../../api/flag-change.ts';
import { EXIT } from '../../exit-code.ts';
import { placeRefusal } from '../../document/place-refusal.ts';
import { readPlan } from '../../document/read-plan.ts';
import { atOnceOption, flagArgument, justificationOption } from '../options.ts';
import type { CommandModule } from '../types.ts';

export const rolloutStart: CommandModule = {
  words: ['rollout', 'start'],
  summary: 'Start a new attempt, as declared or as the options say',
  arguments: [flagArgument],
  options: [
    { syntax: '--plan <plan>', description: 'key of a named plan (default: as declared)' },
    { syntax: '--plan-file <file>', description: 'a file with one plan, - is standard input' },
    { syntax: '--to <variant>', description: 'the target variant (default: as declared)' },
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
    const file = input.text('planFile');
    const document = file === undefined ? undefined : await readPlan(io, file);
    const plan = document?.value ?? input.text('plan');
    const to = input.text('to');
    const answer = await changeFlagHere(
      api(),
      { project, environment, flag },
      {
        verb: 'rollout/start',
        body: {
          ...(plan === undefined ? {} : { plan }),
          ...(to === undefined ? {} : { to }),
          ...(input.enabled('atOnce') ? { atOnce: true } : {}),
          ...(input.enabled('reshuffle') ? { reshuffle: true } : {}),
        },
        justification: input.text('justification'),
      },
    ).catch((error: unknown) => {
      throw document ? placeRefusal(error, document, '/plan') : error;
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
