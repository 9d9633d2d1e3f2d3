import { checkKey } from '../document/key.ts';
import { sameJson } from '../document/same-json.ts';
import { projectMetrics } from '../metric/known-metrics.ts';
import { checkPlanMetrics } from '../plan/check-plan-metrics.ts';
import { checkPlan } from '../plan/check-plan.ts';
import { audiencesOf } from '../plan/audiences-of.ts';
import { unknownSegments } from '../segment/references.ts';
import { changed, type Decider, hasProblems, refused, refusedFor, unchanged } from './decision.ts';
import { findProject } from './find.ts';

/** Rollouts that go on keep the plan that they were started with. */
export const putPlan: Decider<'putPlan'> = (state, command, context) => {
  const project = findProject(state, command);
  if (!project.ok) return project;
  const { plan } = command;
  const badKey = checkKey(plan.key, '/plan');
  if (badKey !== undefined) return refused(badKey);
  const problems = [
    ...checkPlan(plan),
    ...checkPlanMetrics(plan, projectMetrics(project.value)),
    ...unknownSegments(project.value, audiencesOf(plan)),
  ];
  if (hasProblems(problems)) return refusedFor(problems);
  const known = project.value.plans.get(plan.key);
  if (sameJson(known?.plan, plan)) return unchanged(known?.version ?? 0, { plan: plan.key });
  const payload = { type: 'planPut', plan } as const;
  return changed({ state, command, context }, [{ payload }], { plan: plan.key });
};
