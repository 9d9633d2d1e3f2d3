import { compileCondition } from '../../condition/compile.ts';
import type { Matcher } from '../../condition/operators/operator.ts';
import { cutThreshold } from '../../hash/cut.ts';
import { murmur3Absorb, murmur3After, murmur3Start } from '../../hash/murmur3.ts';
import type { SnapshotFlag, Split, TargetingRule } from '../../snapshot/types.ts';
import { served } from '../results.ts';
import type { Evaluation, EvaluationContext } from '../types.ts';
import { compileUnit, DEFAULT_UNIT } from '../unit.ts';
import type { StageCompiler } from './stage.ts';

interface CompiledRule {
  readonly matches: Matcher;
  /** The result of a rule that serves one variant; undefined for a split. */
  readonly result: Evaluation | undefined;
  readonly split: ((context: EvaluationContext) => Evaluation) | undefined;
}

/** The first rule whose condition holds decides. */
export const rulesStage: StageCompiler = (flag, world) => {
  if (flag.rules.length === 0) return undefined;
  const rules = flag.rules.map((rule): CompiledRule => {
    const matches = compileCondition(rule.if, (key) => world.segment(key));
    if (rule.split === undefined)
      return { matches, result: ruleResult(flag, rule), split: undefined };
    return { matches, result: undefined, split: compileSplit(flag, rule, rule.split) };
  });
  return (context) => {
    for (const rule of rules)
      if (rule.matches(context)) return rule.result ?? rule.split?.(context);
    return undefined;
  };
};

function ruleResult(flag: SnapshotFlag, rule: TargetingRule): Evaluation {
  return served(flag, rule.serve ?? flag.serve, { reason: 'TARGETING_MATCH', rule: rule.name });
}

/** A unit's hash falls under the first cumulative weight above it; without a unit or weights: `serve`. */
function compileSplit(flag: SnapshotFlag, rule: TargetingRule, split: Split) {
  const total = split.weights.reduce((sum, [, weight]) => sum + weight, 0);
  const noUnit = served(flag, flag.serve, { reason: 'DEFAULT', rule: rule.name });
  const thresholds: number[] = [];
  const results: Evaluation[] = [];
  let cumulative = 0;
  for (const [variant, weight] of split.weights) {
    cumulative += weight;
    thresholds.push(cutThreshold(cumulative, total));
    results.push(served(flag, variant, { reason: 'SPLIT', rule: rule.name }));
  }
  const readUnit = compileUnit(split.unit ?? DEFAULT_UNIT);
  const salt = murmur3Absorb(murmur3Start(), split.salt ?? flag.key);
  return (context: EvaluationContext): Evaluation => {
    const unit = readUnit(context);
    if (unit === '') return noUnit;
    const hash = murmur3After(salt, unit);
    for (let index = 0; index < thresholds.length; index++) {
      if (hash < thresholds[index]!) return results[index]!;
    }
    return noUnit;
  };
}
