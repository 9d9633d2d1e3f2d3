import type { Allocation, SnapshotRollout } from '../snapshot/types.ts';
import { explainBucket, explainUnit } from './bucket.ts';
import { type ConditionScope, explainCondition } from './condition.ts';
import type { AllocationExplanation, RolloutExplanation } from './types.ts';

/** The unit's place in a rollout: its bucket, every allocation, and the arm it is in. */
export function explainRollout(
  rollout: SnapshotRollout,
  scope: ConditionScope,
): RolloutExplanation {
  const bucket = explainBucket(explainUnit(rollout.unit, scope.context), rollout.salt);
  const allocations = rollout.allocations.map((allocation) =>
    explainAllocation(allocation, bucket.bucket, scope),
  );
  const { id, attempt, phase, stage, to, control } = rollout;
  const explanation = { ...bucket, id, attempt, phase, stage, to, control, allocations };
  const first = allocations.findIndex(({ outcome }) => outcome === true);
  if (first < 0 || bucket.bucket === undefined) return explanation;
  const treated = allocations.some(({ outcome, withinShare }) => outcome === true && withinShare);
  return { ...explanation, allocation: first, arm: treated ? 'treatment' : 'control' };
}

function explainAllocation(
  { audience, sharePerMillion }: Allocation,
  bucket: number | undefined,
  scope: ConditionScope,
): AllocationExplanation {
  const withinShare = bucket !== undefined && bucket < sharePerMillion;
  if (audience === undefined) return { sharePerMillion, outcome: true, withinShare };
  const explained = explainCondition(audience, scope);
  return { sharePerMillion, audience: explained, outcome: explained.outcome, withinShare };
}
