import { rolloutChange } from './change.ts';

export const rolloutEndWatch = rolloutChange({
  verb: 'end-watch',
  call: (place) => (client, how) =>
    client.POST(
      '/api/v1/projects/{project}/environments/{environment}/flags/{flag}/rollout/end-watch',
      {
        params: { path: place },
        ...how,
      },
    ),
  summary: 'End the watch of a completed rollout',
  done: 'is no longer watched',
  already: 'was no longer watched',
});
