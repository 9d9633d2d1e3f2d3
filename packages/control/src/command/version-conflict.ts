import type { JsonValue } from '@downhaul/engine';
import { domainError } from '../error/domain-error.ts';
import type { DomainError } from '../error/types.ts';
import type { ControlState, ProjectState } from '../state/types.ts';
import type { Command } from './types.ts';

/**
 * What moved since the client read it. Subjects are `flag:KEY` (its definition), `flag:KEY/ENVIRONMENT`
 * (what it serves there), `rollout:ID`, `segment:KEY`, `metric:KEY`, `plan:KEY` and `environment:KEY`; version 0 is
 * what does not exist.
 */
export function versionConflict(state: ControlState, command: Command): DomainError | undefined {
  const project = state.projects.get(command.project);
  const moved: { readonly subject: string; readonly expected: number; readonly now: JsonValue }[] =
    [];
  for (const [subject, expected] of Object.entries(command.expectedVersions ?? {})) {
    const now = project === undefined ? NOTHING : presentOf(project, subject);
    if (now.version !== expected) moved.push({ subject, expected, now });
  }
  if (moved.length === 0) return undefined;
  const subjects = moved.map(({ subject }) => subject).join(', ');
  const place = { path: '/expectedVersions', details: { moved } };
  return domainError('version_conflict', { subjects }, place);
}

type Present = { readonly version: number } & { readonly [fact: string]: JsonValue };

const NOTHING: Present = { version: 0 };

function presentOf(project: ProjectState, subject: string): Present {
  const colon = subject.indexOf(':');
  const key = subject.slice(colon + 1);
  switch (subject.slice(0, colon)) {
    case 'flag':
      return presentFlag(project, key);
    case 'rollout':
      return presentRollout(project, key);
    case 'segment':
      return versionOf(project.segments.get(key));
    case 'metric':
      return versionOf(project.metrics.get(key));
    case 'plan':
      return versionOf(project.plans.get(key));
    case 'environment':
      return versionOf(project.environments.get(key));
    default:
      return NOTHING;
  }
}

function versionOf(value: { readonly version: number } | undefined): Present {
  return { version: value?.version ?? 0 };
}

function presentFlag(project: ProjectState, key: string): Present {
  const [flagKey = '', environment] = key.split('/');
  const flag = project.flags.get(flagKey);
  if (flag === undefined || environment === undefined) {
    return flag?.archived === true ? { version: flag.version, archived: true } : versionOf(flag);
  }
  const here = flag.environments[environment];
  return here === undefined ? NOTHING : { version: here.version, down: here.down };
}

/** The id is `project/environment/flag#attempt`. */
function presentRollout(project: ProjectState, id: string): Present {
  const [, environment = '', rest = ''] = id.split('/');
  const rollout = project.flags.get(rest.split('#')[0] ?? '')?.environments[environment]?.rollout;
  if (rollout === undefined) return NOTHING;
  const { version, status, stage, cause } = rollout;
  return { id: rollout.id, version, status, stage, cause: cause?.text ?? null };
}
