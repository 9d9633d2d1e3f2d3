import { domainError } from '../error/domain-error.ts';
import { goesOn } from '../rollout/transitions.ts';
import type { FlagState, ProjectState } from '../state/types.ts';
import { changed, type Decider, type Found, found, refused, unchanged } from './decision.ts';
import { findFlag, findProject } from './find.ts';

/** Takes a flag out of every snapshot, for ever: callers get their code default. */
export const archiveFlag: Decider<'archiveFlag'> = (state, command, context) => {
  const project = findProject(state, command);
  if (!project.ok) return project;
  const known = project.value.flags.get(command.flag);
  if (known?.archived === true) return unchanged(known.version, { flag: known.key });
  const flag = findFlag(project.value, command.flag);
  if (!flag.ok) return flag;
  const free = mayGo(project.value, flag.value);
  if (!free.ok) return free;
  const payload = { type: 'flagArchived', flag: command.flag } as const;
  const environments = Object.keys(flag.value.definition.environments);
  return changed({ state, command, context }, [{ payload, environments }], { flag: command.flag });
};

function mayGo(project: ProjectState, flag: FlagState): Found<FlagState> {
  const requiredBy = project.mentions.get(flag.key)?.requiredBy ?? [];
  const place = { path: '/flag' };
  if (requiredBy.length > 0) {
    const facts = { flag: flag.key, flags: requiredBy.join(', ') };
    return refused(domainError('flag_required_by', facts, place));
  }
  for (const [environment, { down, rollout }] of Object.entries(flag.environments)) {
    if (goesOn(rollout)) {
      const facts = { flag: flag.key, rollout: rollout.id, status: rollout.status };
      return refused(domainError('flag_rollout_running', facts, place));
    }
    // A code default may be higher than the safe variant that everyone gets now.
    if (down) return refused(domainError('flag_down', { flag: flag.key, environment }, place));
  }
  return found(flag);
}
