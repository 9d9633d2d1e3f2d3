import { domainError } from '../error/domain-error.ts';
import { metricUsers } from '../metric/users.ts';
import { changed, type Decider, refused } from './decision.ts';
import { findProject } from './find.ts';

export const removeMetric: Decider<'removeMetric'> = (state, command, context) => {
  const project = findProject(state, command);
  if (!project.ok) return project;
  const { metric } = command;
  const place = { path: '/metric' };
  if (!project.value.metrics.has(metric)) {
    return refused(domainError('metric_unknown', { metric, project: command.project }, place));
  }
  const users = metricUsers(project.value, metric);
  if (users.length > 0) {
    const facts = { metric, users: users.join(', ') };
    return refused(domainError('metric_in_use', facts, { ...place, details: { users } }));
  }
  const payload = { type: 'metricRemoved', metric } as const;
  return changed({ state, command, context }, [{ payload }], { metric });
};
