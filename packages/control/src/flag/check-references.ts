import { pointer } from '../document/pointer.ts';
import { domainError } from '../error/domain-error.ts';
import type { DomainError } from '../error/types.ts';
import { projectMetrics } from '../metric/known-metrics.ts';
import { audiencesOf } from '../plan/audiences-of.ts';
import { checkPlanMetrics } from '../plan/check-plan-metrics.ts';
import { type PlacedCondition, unknownSegments } from '../segment/references.ts';
import type { ProjectState } from '../state/types.ts';
import { checkReach } from './check-reach.ts';
import { requirementCircle } from './requirement-circle.ts';
import type { FlagDefinition } from './types.ts';

/** What a definition says of other things that they do not bear out. */
export function checkReferences(
  project: ProjectState,
  definition: FlagDefinition,
): readonly DomainError[] {
  return [
    ...checkEnvironments(project, definition),
    ...unknownSegments(project, conditionsOf(definition)),
    ...checkMetrics(project, definition),
    ...checkRequires(project, definition),
    ...checkConflicts(project, definition),
  ];
}

function checkEnvironments(
  project: ProjectState,
  definition: FlagDefinition,
): readonly DomainError[] {
  return Object.entries(definition.environments).flatMap(([environment, { rollout }]) => {
    const path = pointer('/environments', environment);
    if (!project.environments.has(environment)) {
      const accepted = [...project.environments.keys()].join(', ');
      const facts = { environment, project: project.key };
      return [domainError('environment_unknown', facts, { path, accepted })];
    }
    const plan = rollout?.plan;
    if (typeof plan !== 'string' || project.plans.has(plan)) return [];
    const accepted = [...project.plans.keys()].join(', ');
    const place = { path: `${path}/rollout/plan`, accepted };
    return [domainError('plan_unknown', { plan, project: project.key }, place)];
  });
}

function conditionsOf(definition: FlagDefinition): readonly PlacedCondition[] {
  return Object.entries(definition.environments).flatMap(([key, { rules, rollout }]) => {
    const path = pointer('/environments', key);
    const placed = rules.map((rule, index) => ({
      condition: rule.if,
      path: `${path}/rules/${index}/if`,
    }));
    if (rollout === undefined || typeof rollout.plan === 'string') return placed;
    return [...placed, ...audiencesOf(rollout.plan, `${path}/rollout/plan`)];
  });
}

/** Of plans written in place; a named one was checked when it was put. */
function checkMetrics(project: ProjectState, definition: FlagDefinition): readonly DomainError[] {
  return Object.entries(definition.environments).flatMap(([environment, { rollout }]) => {
    if (rollout === undefined || typeof rollout.plan === 'string') return [];
    const path = `${pointer('/environments', environment)}/rollout/plan`;
    return checkPlanMetrics(rollout.plan, projectMetrics(project), path);
  });
}

function checkRequires(project: ProjectState, definition: FlagDefinition): readonly DomainError[] {
  const problems = definition.requires.flags.flatMap(({ flag: required, variant }, index) => {
    const place = { path: `/requires/flags/${index}` };
    const facts = { flag: definition.key, required, variant };
    const known = project.flags.get(required);
    if (known === undefined || known.archived)
      return [domainError('flag_required_unknown', facts, place)];
    const { variants, safe } = known.definition;
    if (!Object.hasOwn(variants, variant)) {
      const accepted = Object.keys(variants).join(', ');
      return [
        domainError('flag_variant_unknown', { flag: required, variant }, { ...place, accepted }),
      ];
    }
    return variant === safe ? [domainError('flag_required_variant_safe', facts, place)] : [];
  });
  const circle = requirementCircle(project, definition);
  if (circle === undefined) return [...problems, ...checkReach(project, definition)];
  return [...problems, domainError('flag_requires_cycle', { circle }, { path: '/requires/flags' })];
}

function checkConflicts(project: ProjectState, definition: FlagDefinition): readonly DomainError[] {
  return definition.conflicts.flatMap((conflicting, index) => {
    if (project.flags.has(conflicting)) return [];
    const facts = { flag: definition.key, conflicting };
    return [domainError('flag_conflict_unknown', facts, { path: `/conflicts/${index}` })];
  });
}
