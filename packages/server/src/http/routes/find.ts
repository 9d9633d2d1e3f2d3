import {
  type EnvironmentState,
  type FlagEnvironmentState,
  type FlagState,
  type ProjectState,
  type RolloutState,
} from '@downhaul/control';
import { refusal } from '../../error/refusal.ts';
import type { ServerContext } from '../context.ts';

/** Looks up what a path names; refuses with 404 where it is not there. */
export function findProject({ log }: ServerContext, project: string): ProjectState {
  const found = log.state.projects.get(project);
  if (!found) throw refusal('project_unknown', { project }, { path: '/project' });
  return found;
}

interface EnvironmentPlace {
  readonly project: string;
  readonly environment: string;
}

export function findEnvironment(context: ServerContext, place: EnvironmentPlace): EnvironmentState {
  const project = findProject(context, place.project);
  const found = project.environments.get(place.environment);
  if (found) return found;
  const accepted = [...project.environments.keys()].join(', ');
  throw refusal('environment_unknown', { ...place }, { path: '/environment', accepted });
}

export function findFlag(
  context: ServerContext,
  { project, flag }: { readonly project: string; readonly flag: string },
): FlagState {
  const found = findProject(context, project).flags.get(flag);
  if (!found) throw refusal('flag_unknown', { project, flag }, { path: '/flag' });
  return found;
}

export interface FlagPlace extends EnvironmentPlace {
  readonly flag: string;
}

/** What the state says of a flag in an environment that its document has something for. */
export function findFlagHere(context: ServerContext, place: FlagPlace): FlagEnvironmentState {
  findEnvironment(context, place);
  const found = findFlag(context, place).environments[place.environment];
  if (found) return found;
  const { flag, environment } = place;
  throw refusal('flag_environment_unknown', { flag, environment }, { path: '/environment' });
}

/** The newest rollout of a flag in an environment. */
export function findRollout(context: ServerContext, place: FlagPlace): RolloutState {
  const { rollout } = findFlagHere(context, place);
  if (rollout) return rollout;
  const { flag, environment } = place;
  throw refusal('rollout_unknown', { flag, environment }, { path: '/flag' });
}
