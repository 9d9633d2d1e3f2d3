import { DEFAULT_UNIT } from '../evaluate/unit.ts';
import { cut } from '../hash/cut.ts';
import type { SnapshotFlag, Split } from '../snapshot/types.ts';
import { explainBucket, explainUnit } from './bucket.ts';
import { type ConditionScope, explainCondition } from './condition.ts';
import type { RuleExplanation, SplitExplanation } from './types.ts';

/** Every rule with what its condition saw; those after the one that decided are not reached. */
export function explainRules(
  flag: SnapshotFlag,
  scope: ConditionScope,
): readonly RuleExplanation[] {
  let reached = true;
  return flag.rules.map((rule) => {
    const condition = explainCondition(rule.if, scope);
    const explanation: RuleExplanation = {
      name: rule.name,
      reached,
      outcome: condition.outcome,
      condition,
      ...(rule.split === undefined
        ? { serve: rule.serve ?? flag.serve }
        : { split: explainSplit(flag, rule.split, scope) }),
    };
    if (condition.outcome !== false) reached = false;
    return explanation;
  });
}

function explainSplit(
  flag: SnapshotFlag,
  split: Split,
  { context }: ConditionScope,
): SplitExplanation {
  const unit = explainUnit(split.unit ?? DEFAULT_UNIT, context);
  const explained = { ...explainBucket(unit, split.salt ?? flag.key), weights: split.weights };
  const total = split.weights.reduce((sum, [, weight]) => sum + weight, 0);
  if (explained.hash === undefined || total === 0) return explained;
  const position = cut(explained.hash, total);
  const variant = variantAt(split.weights, position);
  return variant === undefined ? { ...explained, position } : { ...explained, position, variant };
}

function variantAt(weights: Split['weights'], position: number): string | undefined {
  let cumulative = 0;
  for (const [variant, weight] of weights) {
    cumulative += weight;
    if (position < cumulative) return variant;
  }
  return undefined;
}
