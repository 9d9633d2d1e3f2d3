import { sourceChange } from './source.ts';

export const rolloutExclude = sourceChange({
  verb: 'exclude',
  call: (place, source) => (client, how) =>
    client.POST(
      '/api/v1/projects/{project}/environments/{environment}/flags/{flag}/rollout/exclude',
      { params: { path: place }, body: source, ...how },
    ),
  summary: 'Take a service or instance out of what counts for a rollout',
  description:
    'From now on nothing that the source tells counts for the rollouts of the flag, neither harm nor health, until it is included again; what it told before stays. It needs the right to change and a justification, and is shown with the rollout. Rollback proofs go on counting its instances. A service that the flag affects is missed once all of it is excluded: the rollout holds.',
  done: 'does not count any more',
  already: 'did not count already',
});
