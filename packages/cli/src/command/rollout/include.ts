import { sourceChange } from './source.ts';

export const rolloutInclude = sourceChange({
  verb: 'include',
  call: (place, source) => (client, how) =>
    client.POST(
      '/api/v1/projects/{project}/environments/{environment}/flags/{flag}/rollout/include',
      { params: { path: place }, body: source, ...how },
    ),
  summary: 'Let an excluded service or instance count again',
  description: 'What the source tells counts again from now on; what it told meanwhile does not.',
  done: 'counts again',
  already: 'counted already',
});
