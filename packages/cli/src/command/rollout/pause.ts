import { rolloutChange } from './change.ts';

export const rolloutPause = rolloutChange({
  verb: 'pause',
  call: (place) => (client, how) =>
    client.POST(
      '/api/v1/projects/{project}/environments/{environment}/flags/{flag}/rollout/pause',
      {
        params: { path: place },
        ...how,
      },
    ),
  summary: 'Keep a rollout where it is until somebody resumes it',
  done: 'is paused',
  already: 'was paused already',
});
