import type { ChangeAnswer } from '../../api/answers.ts';
import type { Call } from '../../api/api.ts';
import { changeFlag } from '../../api/change-flag.ts';
import type { FlagPlace } from '../../api/flag-place.ts';
import { EXIT } from '../../exit-code.ts';
import { flagArgument, justificationOption } from '../options.ts';
import type { CommandModule } from '../types.ts';

interface Source {
  readonly service: string;
  readonly instance?: string;
}

interface SourceChange {
  readonly verb: string;
  readonly call: (place: FlagPlace, source: Source) => Call<ChangeAnswer>;
  readonly summary: string;
  readonly description: string;
  /** What is so afterwards, as the end of a sentence that begins with the source. */
  readonly done: string;
  readonly already: string;
}

/** A command on what a source tells of the rollouts of a flag. */
export function sourceChange(change: SourceChange): CommandModule {
  const { verb, call, summary, description, done, already } = change;
  return {
    words: ['rollout', verb],
    summary,
    description,
    arguments: [flagArgument],
    options: [
      { syntax: '--service <service>', description: 'the service that tells' },
      { syntax: '--instance <instance>', description: 'one instance of it (default: all)' },
      justificationOption,
    ],
    run: async ({ api, printer, project, environment }, input) => {
      const flag = input.argument(0);
      const place = { project, environment, flag };
      const instance = input.text('instance');
      const service = input.required('service');
      const source = { service, ...(instance === undefined ? {} : { instance }) };
      const answer = await changeFlag(api(), place, {
        call: call(place, source),
        justification: input.text('justification'),
      });
      const name = instance === undefined ? service : `${service}/${instance}`;
      printer.result(answer, () => [
        `what ${name} tells of ${flag} in ${environment} ${answer.changed ? done : already}`,
      ]);
      return EXIT.ok;
    },
  };
}
