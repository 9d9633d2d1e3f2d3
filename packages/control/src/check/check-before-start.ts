import { freezeMetrics } from '../metric/freeze-metrics.ts';
import { projectMetrics } from '../metric/known-metrics.ts';
import { checkLosses } from './check-losses.ts';
import { checkMetrics } from './check-metrics.ts';
import { checkPapers } from './check-papers.ts';
import { checkReadable } from './check-readable.ts';
import { checkRehearsed } from './check-rehearsed.ts';
import { checkSdks } from './check-sdks.ts';
import { checkTraffic } from './check-traffic.ts';
import type { CheckInput, CheckItem } from './types.ts';

/**
 * What stands in the way of a rollout before it starts, as far as it can be seen from here: who owns
 * it and how it comes back, whether the metrics arrive from the services it affects, whether the
 * traffic suffices, stage by stage, and whether the SDKs can evaluate it. Advice: it refuses nothing.
 */
export function checkBeforeStart(asked: CheckInput): CheckItem[] {
  const project = asked.state.projects.get(asked.project);
  const plan =
    project === undefined ? asked.plan : freezeMetrics(asked.plan, projectMetrics(project));
  const input = { ...asked, plan };
  return [
    ...checkPapers(input),
    ...checkReadable(input),
    ...checkMetrics(input),
    ...checkTraffic(input),
    ...checkLosses(input),
    ...checkRehearsed(asked),
    ...checkSdks(input),
  ];
}
