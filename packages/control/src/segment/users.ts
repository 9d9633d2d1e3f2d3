import type { Condition } from '@downhaul/engine';
import { audiencesOf } from '../plan/audiences-of.ts';
import { isRaised } from '../rollout/transitions.ts';
import type { RolloutState } from '../rollout/types.ts';
import type { FlagState, ProjectState } from '../state/types.ts';
import { segmentClosure, segmentsOf } from './references.ts';

/** Who names a segment: `segment x`, `plan y`, `flag z`, `rollout …`. */
export function segmentUsers(project: ProjectState, segment: string): readonly string[] {
  const names = (condition: Condition) => segmentsOf(condition).includes(segment);
  const users: string[] = [];
  for (const { key, if: condition } of project.segments.values()) {
    if (names(condition)) users.push(`segment ${key}`);
  }
  for (const [key, { plan }] of project.plans) {
    if (audiencesOf(plan).some(({ condition }) => names(condition))) users.push(`plan ${key}`);
  }
  for (const flag of project.flags.values()) {
    if (conditionsOf(flag).some(names)) users.push(`flag ${flag.key}`);
    for (const rollout of rolloutsOf(flag).filter(({ allocations }) => allocations.length > 0)) {
      if (audiencesOf(rollout.plan).some(({ condition }) => names(condition))) {
        users.push(`rollout ${rollout.id}`);
      }
    }
  }
  return users;
}

/** The raised rollout that has a segment among its audiences, directly or within other segments. */
export function rolloutWithin(project: ProjectState, segment: string): RolloutState | undefined {
  for (const flag of project.flags.values()) {
    const rollout = rolloutsOf(flag).find((each) => {
      if (!isRaised(each)) return false;
      const direct = audiencesOf(each.plan).flatMap(({ condition }) => segmentsOf(condition));
      return direct.length > 0 && segmentClosure(project, direct).has(segment);
    });
    if (rollout !== undefined) return rollout;
  }
  return undefined;
}

function conditionsOf(flag: FlagState): readonly Condition[] {
  if (flag.archived) return [];
  return Object.values(flag.definition.environments).flatMap(({ rules, rollout }) => [
    ...rules.map((rule) => rule.if),
    ...(rollout === undefined || typeof rollout.plan === 'string'
      ? []
      : audiencesOf(rollout.plan).map(({ condition }) => condition)),
  ]);
}

function rolloutsOf(flag: FlagState): readonly RolloutState[] {
  return Object.values(flag.environments).flatMap(({ rollout }) => rollout ?? []);
}
