import { goesOn } from '../rollout/transitions.ts';
import type { Plan } from '../plan/types.ts';
import type { FlagState, ProjectState } from '../state/types.ts';
import { metricNamesOf } from './freeze-metrics.ts';

/** Who names a metric: `plan y`, `flag z` for a plan written in its document, `rollout …`. */
export function metricUsers(project: ProjectState, metric: string): readonly string[] {
  const names = (plan: Plan) => metricNamesOf(plan).includes(metric);
  const users: string[] = [];
  for (const [key, { plan }] of project.plans) if (names(plan)) users.push(`plan ${key}`);
  for (const flag of project.flags.values()) {
    if (inlinePlansOf(flag).some(names)) users.push(`flag ${flag.key}`);
    for (const { rollout } of Object.values(flag.environments)) {
      if (goesOn(rollout) && names(rollout.plan)) {
        users.push(`rollout ${rollout.id}`);
      }
    }
  }
  return users;
}

function inlinePlansOf({ archived, definition }: FlagState): readonly Plan[] {
  if (archived) return [];
  return Object.values(definition.environments).flatMap(({ rollout }) =>
    rollout === undefined || typeof rollout.plan === 'string' ? [] : [rollout.plan],
  );
}
