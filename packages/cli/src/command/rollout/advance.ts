import { rolloutChange } from './change.ts';

export const rolloutAdvance = rolloutChange({
  verb: 'advance',
  call: (place) => (client, how) =>
    client.POST(
      '/api/v1/projects/{project}/environments/{environment}/flags/{flag}/rollout/advance',
      {
        params: { path: place },
        ...how,
      },
    ),
  summary: 'Enter the next stage now, on your word instead of the evidence',
  done: 'has entered its next stage',
  already: 'is as it was',
});
