import { domainError } from '../error/domain-error.ts';
import { segmentUsers } from '../segment/users.ts';
import { changed, type Decider, refused } from './decision.ts';
import { findProject } from './find.ts';

export const removeSegment: Decider<'removeSegment'> = (state, command, context) => {
  const project = findProject(state, command);
  if (!project.ok) return project;
  const { segment } = command;
  const place = { path: '/segment' };
  if (!project.value.segments.has(segment)) {
    return refused(domainError('segment_unknown', { segment, project: command.project }, place));
  }
  const users = segmentUsers(project.value, segment);
  if (users.length > 0) {
    const details = { users };
    return refused(
      domainError('segment_in_use', { segment, users: users.join(', ') }, { ...place, details }),
    );
  }
  const payload = { type: 'segmentRemoved', segment } as const;
  const environments = [...project.value.environments.keys()];
  return changed({ state, command, context }, [{ payload, environments }], { segment });
};
