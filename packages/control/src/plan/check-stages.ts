import type { Allocation, Condition } from '@downhaul/engine';
import { sameJson } from '../document/same-json.ts';
import { domainError } from '../error/domain-error.ts';
import type { DomainError } from '../error/types.ts';
import { audienceContains, isEveryone } from './audience.ts';
import { shareText } from '../document/percentage.ts';
import { audienceText } from './describe.ts';
import { WHOLE_PER_MILLION } from './stage-allocations.ts';
import type { Plan, Stage } from './types.ts';

/** Invariant 3: every stage includes every earlier stage's audience at its share or more. */
export function checkStages(plan: Plan, path: string): readonly DomainError[] {
  if (plan.stages.length === 0) {
    return [domainError('plan_stages_empty', { plan: plan.key }, { path: `${path}/stages` })];
  }
  return plan.stages.flatMap((_stage, index) => checkStage(plan, index, `${path}/stages/${index}`));
}

/** True if the first stage already serves everyone, by nobody's request step by step. */
export function raisesAtOnce(plan: Plan): boolean {
  const [first] = plan.stages;
  return (
    first?.allocations.some(
      ({ audience, sharePerMillion }) =>
        isEveryone(audience) && sharePerMillion >= WHOLE_PER_MILLION,
    ) ?? false
  );
}

function checkStage(plan: Plan, index: number, path: string): readonly DomainError[] {
  const stage = plan.stages[index]!;
  const before = plan.stages[index - 1];
  if (before !== undefined && sameJson(before.allocations, stage.allocations)) {
    return [
      domainError('plan_stage_rises_nowhere', { plan: plan.key, stage: index + 1 }, { path }),
    ];
  }
  // Containment carries on from stage to stage, so the stage before stands for all earlier ones.
  const lost = before?.allocations.find((allocation) => !isKept(stage, allocation));
  return lost === undefined ? [] : [lossError(plan, { index, lost, path })];
}

function isKept(stage: Stage, { audience, sharePerMillion }: Allocation): boolean {
  if (sharePerMillion === 0) return true;
  if (audience !== undefined && 'any' in audience) {
    return audience.any.every((part) => isKept(stage, { audience: part, sharePerMillion }));
  }
  return holding(stage, audience).some(
    (allocation) => allocation.sharePerMillion >= sharePerMillion,
  );
}

function holding(stage: Stage, audience: Condition | undefined): readonly Allocation[] {
  return stage.allocations.filter((allocation) => audienceContains(allocation.audience, audience));
}

function lossError(
  plan: Plan,
  {
    index,
    lost,
    path,
  }: { readonly index: number; readonly lost: Allocation; readonly path: string },
): DomainError {
  const audience = audienceText(lost.audience);
  const stage = index + 1;
  const share = shareText(lost.sharePerMillion);
  const lower = holding(plan.stages[index]!, lost.audience);
  if (lower.length === 0) {
    const facts = { plan: plan.key, stage, audience, earlier: index, share };
    return domainError('plan_stage_drops_units', facts, { path });
  }
  const now = shareText(Math.max(...lower.map((allocation) => allocation.sharePerMillion)));
  const facts = { plan: plan.key, stage, audience, share: now, before: share };
  return domainError('plan_share_falls', facts, { path });
}
