import { freezeMetrics } from '../metric/freeze-metrics.ts';
import { projectMetrics } from '../metric/known-metrics.ts';
import { checkLosses } from './check-losses.ts';
import { checkMetrics } from './check-metrics.ts';
import { checkPapers } from './check-papers.ts';
import { checkReadable } from './check-readable.ts';
import { checkRehearsed } from './check-rehearsed.ts';
import { checkRequirements } from './check-requirements.ts';
import { checkSdks } from './check-sdks.ts';
import { checkTraffic } from './check-traffic.ts';
import { CHECK_CODES } from './codes.ts';
import type { CheckInput, CheckItem } from './types.ts';

/**
 * What stands in the way of a rollout before it starts, as far as it can be seen from here: who owns
 * it and how it comes back, whether the metrics arrive from the services it affects, whether the
 * traffic suffices, stage by stage, and whether the SDKs can evaluate it. `stopsStart` tells which of
 * these a start is refused for; the others are advice.
 */
export function checkBeforeStart(asked: CheckInput): CheckItem[] {
  const project = asked.state.projects.get(asked.project);
  const plan =
    project === undefined ? asked.plan : freezeMetrics(asked.plan, projectMetrics(project));
  const input = { ...asked, plan };
  return [
    ...checkPapers(input),
    ...checkRequirements(input),
    ...checkReadable(input),
    ...checkMetrics(input),
    ...checkTraffic(input),
    ...checkLosses(input),
    ...checkRehearsed(asked),
    ...checkSdks(input),
  ];
}

/** Whether a start is refused while it is so. Everything else may be started, with what the item says. */
export function stopsStart({ code, ok }: CheckItem): boolean {
  return !ok && CHECK_CODES[code] === 'stops';
}
