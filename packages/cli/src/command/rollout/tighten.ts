import { changeFlagHere } from '../../api/flag-change.ts';
import { placeRefusal } from '../../document/place-refusal.ts';
import { readPlan } from '../../document/read-plan.ts';
import { EXIT } from '../../exit-code.ts';
import { flagArgument, justificationOption } from '../options.ts';
import type { CommandModule } from '../types.ts';

export const rolloutTighten: CommandModule = {
  words: ['rollout', 'tighten'],
  summary: 'Make the plan of a rollout that goes on more careful',
  description:
    'Makes the plan of a rollout that goes on more careful: narrower margins, longer bakes. The evidence so far is kept. Anything else needs a new attempt.',
  arguments: [flagArgument, { syntax: '<file>', description: 'the whole plan as it is to be' }],
  options: [justificationOption],
  run: async ({ io, api, printer, project, environment }, input) => {
    const flag = input.argument(0);
    const document = await readPlan(io, input.argument(1));
    const answer = await changeFlagHere(
      api(),
      { project, environment, flag },
      {
        verb: 'rollout/tighten',
        body: { plan: document.value },
        justification: input.text('justification'),
      },
    ).catch((error: unknown) => {
      throw placeRefusal(error, document, '/plan');
    });
    printer.result(answer, () => [
      answer.changed
        ? `the plan of the rollout of ${flag} in ${environment} is tightened`
        : `the plan of the rollout of ${flag} in ${environment} was like that already`,
    ]);
    return EXIT.ok;
  },
};
