import type { ChangeAnswer } from './answers.ts';
import type { Api } from './api.ts';
import type { Patience } from './retry.ts';
import { withSuggestions } from './suggest.ts';

export interface FlagPlace {
  readonly project: string;
  readonly environment: string;
  readonly flag: string;
}

export interface FlagChange {
  /** Behind the flag's own path: `down`, `rollout/start`. */
  readonly verb: string;
  readonly body?: object;
  readonly justification: string | undefined;
  readonly patience?: Patience;
}

/** The path of what the server knows of a flag in an environment. */
export function flagPath({ project, environment, flag }: FlagPlace, verb: string): string[] {
  const parts = verb.split('/');
  return ['projects', project, 'environments', environment, 'flags', flag, ...parts];
}

/** Changes a flag in an environment. A mistyped flag is answered with what was probably meant. */
export function changeFlagHere(
  api: Api,
  place: FlagPlace,
  { verb, body, justification, patience }: FlagChange,
): Promise<ChangeAnswer> {
  return withSuggestions(api, place, () =>
    api.change<ChangeAnswer>({
      method: 'POST',
      path: flagPath(place, verb),
      body,
      justification,
      patience,
    }),
  );
}
