import { domainError } from '../error/domain-error.ts';
import type { FlagEnvironmentDefinition } from '../flag/types.ts';
import type {
  ControlState,
  EnvironmentState,
  FlagEnvironmentState,
  FlagState,
  ProjectState,
} from '../state/types.ts';
import { type Found, found, refused } from './decision.ts';

/** A flag in an environment, with everything a decider asks of it. */
export interface FlagSite {
  readonly project: ProjectState;
  readonly environment: EnvironmentState;
  readonly flag: FlagState;
  readonly definition: FlagEnvironmentDefinition;
  readonly here: FlagEnvironmentState;
}

export function findProject(
  state: ControlState,
  { project }: { readonly project: string },
): Found<ProjectState> {
  const known = state.projects.get(project);
  return known === undefined ? refused(domainError('project_unknown', { project })) : found(known);
}

export function findEnvironment(
  project: ProjectState,
  environment: string,
  path = '/environment',
): Found<EnvironmentState> {
  const known = project.environments.get(environment);
  if (known !== undefined) return found(known);
  const accepted = [...project.environments.keys()].join(', ');
  const facts = { project: project.key, environment };
  return refused(domainError('environment_unknown', facts, { path, accepted }));
}

/** A flag that is there and not archived. */
export function findFlag(project: ProjectState, flag: string): Found<FlagState> {
  const known = project.flags.get(flag);
  const place = { path: '/flag' };
  if (known === undefined) {
    return refused(domainError('flag_unknown', { project: project.key, flag }, place));
  }
  return known.archived ? refused(domainError('flag_archived', { flag }, place)) : found(known);
}

/** A flag in an environment that its document has something for. */
export function findSite(
  state: ControlState,
  where: { readonly project: string; readonly flag: string; readonly environment: string },
): Found<FlagSite> {
  const project = findProject(state, where);
  if (!project.ok) return project;
  const environment = findEnvironment(project.value, where.environment);
  if (!environment.ok) return environment;
  const flag = findFlag(project.value, where.flag);
  if (!flag.ok) return flag;
  const definition = flag.value.definition.environments[where.environment];
  const here = flag.value.environments[where.environment];
  if (definition === undefined || here === undefined) {
    const facts = { flag: where.flag, environment: where.environment };
    return refused(domainError('flag_environment_unknown', facts, { path: '/environment' }));
  }
  const site = { project: project.value, environment: environment.value, flag: flag.value };
  return found({ ...site, definition, here });
}
