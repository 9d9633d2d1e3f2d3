import { JUDGE_VERSION } from '@downhaul/judge';
import { durationText } from '../../document/duration.ts';
import { ratioText } from '../../document/percentage.ts';
import { domainError } from '../../error/domain-error.ts';
import type { DomainError } from '../../error/types.ts';
import type { Plan, RehearsalDemand } from '../../plan/types.ts';
import type { ProjectState, RehearsalState } from '../../state/types.ts';
import { shareOf } from '../result/share.ts';
import { ownKey, standardKey } from './rehearsal-key.ts';
import { samePlan } from './same-plan.ts';
import type { RecordedScenario } from './types.ts';

interface Asked {
  readonly project: ProjectState;
  readonly environment: string;
  /** With the definitions of its metrics. */
  readonly plan: Plan;
  readonly nowMs: number;
}

/**
 * The newest rehearsal of exactly this plan, by the judge of this release: of the standard scenarios, else of
 * somebody's own; undefined where there is none.
 */
export function rehearsalOf({
  project,
  environment,
  plan,
}: Omit<Asked, 'nowMs'>): RehearsalState | undefined {
  return [standardKey, ownKey]
    .map((keyOf) => project.rehearsals.get(keyOf({ environment, plan })))
    .find((found) => found?.judgeVersion === JUDGE_VERSION && samePlan(found.plan, plan));
}

/** Why a plan that asks for a rehearsal may not start yet; undefined where nothing is asked or all is met. */
export function rehearsalObstacle(asked: Asked): DomainError | undefined {
  const demand = asked.plan.rehearsal;
  if (demand?.required !== true) return undefined;
  const facts = { plan: asked.plan.key || 'of this flag', environment: asked.environment };
  const place = { path: '/plan/rehearsal' };
  const record = rehearsalOf(asked);
  if (record === undefined) return domainError('rollout_rehearsal_missing', facts, place);
  if (asked.nowMs >= record.atMs + demand.withinMs) {
    const within = durationText(demand.withinMs);
    return domainError('rollout_rehearsal_expired', { ...facts, within }, place);
  }
  const problem = unmet(record, demand);
  if (problem === undefined) return undefined;
  return domainError('rollout_rehearsal_failed', { ...facts, problem }, place);
}

/** The upper end of the interval counts: few runs show little. */
function unmet({ scenarios }: RehearsalState, demand: RehearsalDemand): string | undefined {
  const demanded = scenarios.filter((each) => each.demanded);
  const healthy = demanded.find(({ truth }) => truth === 'healthy');
  if (healthy === undefined) return 'the standard scenarios were not among it';
  const falsely = shareOf(healthy.rolledBack, healthy.runs).high;
  if (falsely > demand.falseRollback) {
    return `up to ${percent(falsely)} of healthy rollouts are rolled back, ${ratioText(demand.falseRollback)} are allowed`;
  }
  const missed = demanded.find(
    (each) => each.truth === 'harmful' && missedUpTo(each) > demand.missed,
  );
  if (missed === undefined) return undefined;
  return `«${missed.scenario}» is missed in up to ${percent(missedUpTo(missed))}, ${ratioText(demand.missed)} are allowed`;
}

function missedUpTo({ reachedLast, runs }: RecordedScenario): number {
  return shareOf(reachedLast, runs).high;
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(2))} %`;
}
