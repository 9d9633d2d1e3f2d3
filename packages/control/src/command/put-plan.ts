import { checkKey } from '../document/key.ts';
import { sameJson } from '../document/same-json.ts';
import { writePlanDocument } from '../document/write-plan-document.ts';
import { projectMetrics } from '../metric/known-metrics.ts';
import { checkPlanMetrics } from '../plan/check-plan-metrics.ts';
import { checkPlan } from '../plan/check-plan.ts';
import { audiencesOf } from '../plan/audiences-of.ts';
import { unknownSegments } from '../segment/references.ts';
import { changesTo } from './changes-to.ts';
import { emptiedUnsaid, movedSince } from './check-said.ts';
import { changed, type Decider, hasProblems, refused, refusedFor, unchanged } from './decision.ts';
import { findProject } from './find.ts';

/** Rollouts that go on keep the plan that they were started with. */
export const putPlan: Decider<'putPlan'> = (state, command, context) => {
  const project = findProject(state, command);
  if (!project.ok) return project;
  const { plan, said } = command;
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
  const moved = movedSince(`plan:${plan.key}`, said, known?.version);
  if (moved !== undefined) return refused(moved);
  const [before, after] = [known && writePlanDocument(known.plan), writePlanDocument(plan)];
  const unsaid = before === undefined ? [] : emptiedUnsaid(before, after, said);
  if (hasProblems(unsaid)) return refusedFor(unsaid);
  const payload = { type: 'planPut', plan } as const;
  const facts = { plan: plan.key, ...changesTo(before, after) };
  return changed({ state, command, context }, [{ payload }], facts);
};
