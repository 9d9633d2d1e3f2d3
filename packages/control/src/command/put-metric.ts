import { checkKey } from '../document/key.ts';
import { sameJson } from '../document/same-json.ts';
import { domainError } from '../error/domain-error.ts';
import { checkMetric } from '../metric/check-metric.ts';
import { changed, type Decider, hasProblems, refused, refusedFor, unchanged } from './decision.ts';
import { findProject } from './find.ts';

/** Rollouts that go on keep the definitions that they were started with. */
export const putMetric: Decider<'putMetric'> = (state, command, context) => {
  const project = findProject(state, command);
  if (!project.ok) return project;
  const { metric, readVersion } = command;
  const badKey = checkKey(metric.key, '/metric');
  if (badKey !== undefined) return refused(badKey);
  const problems = checkMetric(metric);
  if (hasProblems(problems)) return refusedFor(problems);
  const { version = 0, ...known } = project.value.metrics.get(metric.key) ?? {};
  if (sameJson(known, metric)) return unchanged(version, { metric: metric.key });
  if (readVersion !== undefined && readVersion !== version) {
    const subject = `metric:${metric.key}`;
    const details = { moved: [{ subject, expected: readVersion, now: { version } }] };
    const place = { path: '/version', details };
    return refused(domainError('version_conflict', { subjects: subject }, place));
  }
  const payload = { type: 'metricPut', metric } as const;
  return changed({ state, command, context }, [{ payload }], { metric: metric.key });
};
