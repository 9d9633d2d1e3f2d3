import type { ChangeAnswer } from '../../api/answers.ts';
import type { Call } from '../../api/api.ts';
import { changeFlag } from '../../api/change-flag.ts';
import type { FlagPlace } from '../../api/flag-place.ts';
import { EXIT } from '../../exit-code.ts';
import { flagArgument, justificationOption } from '../options.ts';
import type { CommandModule } from '../types.ts';

interface RolloutChange {
  /** The second word of the command. */
  readonly verb: string;
  readonly call: (place: FlagPlace) => Call<ChangeAnswer>;
  readonly summary: string;
  readonly description?: string;
  /** What is so afterwards, as the end of a sentence that begins with the flag. */
  readonly done: string;
  readonly already: string;
}

/** A command that only says of a rollout what is to become of it. */
export function rolloutChange(change: RolloutChange): CommandModule {
  const { verb, call, summary, description, done, already } = change;
  return {
    words: ['rollout', verb],
    summary,
    ...(description === undefined ? {} : { description }),
    arguments: [flagArgument],
    options: [justificationOption],
    run: async ({ api, printer, project, environment }, input) => {
      const flag = input.argument(0);
      const place = { project, environment, flag };
      const answer = await changeFlag(api(), place, {
        call: call(place),
        justification: input.text('justification'),
      });
      printer.result(answer, () => [
        answer.changed
          ? `the rollout of ${flag} in ${environment} ${done}, version ${answer.version}`
          : `the rollout of ${flag} in ${environment} ${already}`,
      ]);
      return EXIT.ok;
    },
  };
}
