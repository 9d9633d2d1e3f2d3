import { rolloutChange } from './change.ts';

export const rolloutResume = rolloutChange({
  verb: 'resume',
  call: (place) => (client, how) =>
    client.POST(
      '/api/v1/projects/{project}/environments/{environment}/flags/{flag}/rollout/resume',
      {
        params: { path: place },
        ...how,
      },
    ),
  summary: 'Let a paused rollout go on',
  done: 'goes on',
  already: 'was going on already',
});
