import type { Plan } from '../../plan/types.ts';
import { hypothesesOf } from '../../telemetry/rollout/hypotheses.ts';

/** What this plan has, or real services do, that a rehearsal leaves out. */
export function notModelled(plan: Plan, left: readonly string[]): string[] {
  const horizons = plan.horizonsMs.length > 1;
  const audiences = plan.stages.some(({ allocations }) =>
    allocations.some(({ audience }) => audience !== undefined),
  );
  const several = new Set(hypothesesOf(plan).map(({ metric }) => metric)).size > 1;
  const counted = (plan.metrics ?? []).filter(({ source }) => source.type !== 'sdk');
  return [
    ...(left.length > 0
      ? [`${left.join(', ')}: means are left out, so what they guard was not rehearsed.`]
      : []),
    ...(counted.length > 0
      ? [`${counted.map(({ key }) => key).join(', ')}: counted as if every unit made one request.`]
      : []),
    'Units fail independently of each other and of what they did before: no incident of the service, no user who always fails.',
    ...(several ? ['One metric does not move with another unless a scenario says so.'] : []),
    ...(horizons
      ? ['Outcomes come at once: a longer horizon sees no more than the shortest.']
      : []),
    ...(audiences ? ['Every audience is taken to hold the same share of the units.'] : []),
    ...(plan.guardrails.some(({ budget }) => budget !== undefined)
      ? ['There is no history, so error budgets are not known and never burnt.']
      : []),
    ...((plan.slices ?? []).length > 0 ? ['Slices are not judged apart.'] : []),
    'Instances neither die nor report late, and no person pauses, resumes or takes the flag down.',
  ];
}
