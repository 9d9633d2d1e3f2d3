import type { EnvironmentSummary, FlagSummary, ProjectSummary } from './answers.ts';
import type { Api } from './api.ts';

export async function listProjects(api: Api): Promise<readonly ProjectSummary[]> {
  const { projects } = await api.ask((client, how) => client.GET('/api/v1/projects', how));
  return projects;
}

export async function listEnvironments(
  api: Api,
  project: string,
): Promise<readonly EnvironmentSummary[]> {
  const { environments } = await api.ask((client, how) =>
    client.GET('/api/v1/projects/{project}/environments', {
      params: { path: { project } },
      ...how,
    }),
  );
  return environments;
}

export async function listFlags(
  api: Api,
  project: string,
  query: { readonly archived?: boolean } = {},
): Promise<readonly FlagSummary[]> {
  const { flags } = await api.ask((client, how) =>
    client.GET('/api/v1/projects/{project}/flags', {
      params: { path: { project }, query },
      ...how,
    }),
  );
  return flags;
}
