import { checkKey } from '../document/key.ts';
import { sameJson } from '../document/same-json.ts';
import { writeMetricDocument } from '../document/write-metric-document.ts';
import { checkMetric } from '../metric/check-metric.ts';
import { changesTo } from './changes-to.ts';
import { movedSince } from './check-said.ts';
import { changed, type Decider, hasProblems, refused, refusedFor, unchanged } from './decision.ts';
import { findProject } from './find.ts';

/** Rollouts that go on keep the definitions that they were started with. */
export const putMetric: Decider<'putMetric'> = (state, command, context) => {
  const project = findProject(state, command);
  if (!project.ok) return project;
  const { metric, said } = command;
  const badKey = checkKey(metric.key, '/metric');
  if (badKey !== undefined) return refused(badKey);
  const problems = checkMetric(metric);
  if (hasProblems(problems)) return refusedFor(problems);
  const before = project.value.metrics.get(metric.key);
  const { version = 0, ...known } = before ?? {};
  if (sameJson(known, metric)) return unchanged(version, { metric: metric.key });
  const moved = movedSince(`metric:${metric.key}`, said, version);
  if (moved !== undefined) return refused(moved);
  const payload = { type: 'metricPut', metric } as const;
  return changed({ state, command, context }, [{ payload }], {
    metric: metric.key,
    ...changesTo(before && writeMetricDocument(before), writeMetricDocument(metric)),
  });
};
