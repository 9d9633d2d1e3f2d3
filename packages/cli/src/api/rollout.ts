import type { ProofAnswer, RolloutAnswer } from './answers.ts';
import type { Api } from './api.ts';
import type { FlagPlace } from './flag-place.ts';
import { patienceOfChange } from './retry.ts';
import { withSuggestions } from './suggest.ts';

/** Everything about a flag's rollout in an environment at this moment. */
export function askRollout(api: Api, place: FlagPlace): Promise<RolloutAnswer> {
  return withSuggestions(api, place, () =>
    api.ask((client, how) =>
      client.GET('/api/v1/projects/{project}/environments/{environment}/flags/{flag}/rollout', {
        params: { path: place },
        ...how,
      }),
    ),
  );
}

/** The newest rollback proof of a flag in an environment. */
export function askLatestProof(api: Api, place: FlagPlace): Promise<ProofAnswer> {
  return api.ask(
    (client, how) =>
      client.GET('/api/v1/projects/{project}/environments/{environment}/flags/{flag}/proof', {
        params: { path: place },
        ...how,
      }),
    { patience: patienceOfChange },
  );
}
