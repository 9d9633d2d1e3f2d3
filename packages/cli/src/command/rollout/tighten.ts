import { changeFlag } from '../../api/change-flag.ts';
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
    const place = { project, environment, flag };
    const answer = await changeFlag(api(), place, {
      call: (client, how) =>
        client.POST(
          '/api/v1/projects/{project}/environments/{environment}/flags/{flag}/rollout/tighten',
          {
            params: { path: place },
            body: { plan: document.value },
            ...how,
          },
        ),
      justification: input.text('justification'),
    }).catch((error: unknown) => {
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
