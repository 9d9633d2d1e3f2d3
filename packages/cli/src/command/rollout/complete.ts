import { rolloutChange } from './change.ts';

export const rolloutComplete = rolloutChange({
  verb: 'complete',
  call: (place) => (client, how) =>
    client.POST(
      '/api/v1/projects/{project}/environments/{environment}/flags/{flag}/rollout/complete',
      {
        params: { path: place },
        ...how,
      },
    ),
  summary: 'Complete a rollout at its last stage',
  done: 'is completed',
  already: 'was completed already',
});
