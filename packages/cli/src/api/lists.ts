import type { EnvironmentSummary, FlagSummary, ProjectSummary } from './answers.ts';
import type { Api } from './api.ts';

export async function listProjects(api: Api): Promise<readonly ProjectSummary[]> {
  const { projects } = await api.ask<{ projects: readonly ProjectSummary[] }>({
    path: ['projects'],
  });
  return projects;
}

export async function listEnvironments(
  api: Api,
  project: string,
): Promise<readonly EnvironmentSummary[]> {
  const path = ['projects', project, 'environments'];
  const { environments } = await api.ask<{ environments: readonly EnvironmentSummary[] }>({ path });
  return environments;
}

export async function listFlags(
  api: Api,
  project: string,
  options: { readonly archived?: boolean } = {},
): Promise<readonly FlagSummary[]> {
  const { flags } = await api.ask<{ flags: readonly FlagSummary[] }>({
    path: ['projects', project, 'flags'],
    query: { archived: options.archived },
  });
  return flags;
}
