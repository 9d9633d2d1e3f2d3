/** What the commands of two words have in common, by their first word. */
export const groups: Readonly<Record<string, string>> = {
  flag: 'Read and write flags',
  segment: 'Read and write segments',
  metric: 'Read and write metrics',
  plan: 'Read and write plans',
  env: 'Read and write environments',
  rollout: 'Check, start, watch and steer rollouts',
  audit: 'Read and verify the log',
  snapshot: 'Take out what an environment evaluates',
  project: 'List and create projects',
  token: 'Issue, list and revoke tokens',
};
