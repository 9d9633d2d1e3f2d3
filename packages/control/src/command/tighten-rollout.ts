import { sameJson } from '../document/same-json.ts';
import { domainError } from '../error/domain-error.ts';
import { freezeMetrics } from '../metric/freeze-metrics.ts';
import { startedMetrics } from '../metric/started-metrics.ts';
import { checkPlanMetrics } from '../plan/check-plan-metrics.ts';
import { checkPlan } from '../plan/check-plan.ts';
import { loosening } from '../plan/loosening.ts';
import { changed, type Decider, hasProblems, refused, refusedFor } from './decision.ts';
import { findSite } from './find.ts';
import { alreadyThere, nextOf } from './next-of.ts';

/** A running rollout may only become more careful (settled question 3). */
export const tightenRollout: Decider<'tightenRollout'> = (state, command, context) => {
  const site = findSite(state, command);
  if (!site.ok) return site;
  const step = nextOf(site.value, 'tightenRollout');
  if (!step.ok) return step;
  const { rollout } = step.value;
  const { flag, environment } = command;
  const metrics = startedMetrics(rollout.plan);
  const plan = metrics === undefined ? command.plan : freezeMetrics(command.plan, metrics);
  if (sameJson(rollout.plan, plan)) return alreadyThere(rollout);
  const problems = checkPlan(plan);
  if (hasProblems(problems)) return refusedFor(problems);
  const loosened = loosening(rollout.plan, plan);
  if (loosened !== undefined) {
    const facts = { rollout: rollout.id, what: loosened.what };
    return refused(domainError('rollout_change_loosens', facts, { path: loosened.path }));
  }
  const unjudgeable = metrics === undefined ? [] : checkPlanMetrics(plan, metrics);
  if (hasProblems(unjudgeable)) return refusedFor(unjudgeable);
  const payload = { type: 'rolloutTightened', flag, environment, plan } as const;
  const facts = { rollout: rollout.id, status: rollout.status };
  return changed({ state, command, context }, [{ payload }], facts);
};
