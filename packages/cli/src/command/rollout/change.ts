import type { ChangeAnswer } from '../../api/answers.ts';
import { changeFlagHere } from '../../api/flag-change.ts';
import { EXIT } from '../../exit-code.ts';
import { flagArgument, justificationOption } from '../options.ts';
import type { CommandModule } from '../types.ts';

interface RolloutChange {
  readonly verb: 'pause' | 'resume' | 'advance' | 'complete' | 'end-watch';
  readonly summary: string;
  readonly description?: string;
  /** What is so afterwards, as the end of a sentence that begins with the flag. */
  readonly done: string;
  readonly already: string;
}

/** A command that only says of a rollout what is to become of it. */
export function rolloutChange(change: RolloutChange): CommandModule {
  const { verb, summary, description, done, already } = change;
  return {
    words: ['rollout', verb],
    summary,
    ...(description === undefined ? {} : { description }),
    arguments: [flagArgument],
    options: [justificationOption],
    run: async ({ api, printer, project, environment }, input) => {
      const flag = input.argument(0);
      const answer: ChangeAnswer = await changeFlagHere(
        api(),
        { project, environment, flag },
        { verb: `rollout/${verb}`, justification: input.text('justification') },
      );
      printer.result(answer, () => [
        answer.changed
          ? `the rollout of ${flag} in ${environment} ${done}, version ${answer.version}`
          : `the rollout of ${flag} in ${environment} ${already}`,
      ]);
      return EXIT.ok;
    },
  };
}
