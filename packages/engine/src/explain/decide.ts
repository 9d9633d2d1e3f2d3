import { downed } from '../evaluate/stages/down.ts';
import { served, UNREADABLE_CONTEXT } from '../evaluate/results.ts';
import { exposureOf } from '../evaluate/stages/rollout.ts';
import { isStatic } from '../evaluate/stages/serve.ts';
import type { Evaluation } from '../evaluate/types.ts';
import type { SnapshotFlag } from '../snapshot/types.ts';
import type { DecidingStage, ExplanationDetails, Outcome, RuleExplanation } from './types.ts';

type Step = (flag: SnapshotFlag, details: ExplanationDetails) => Evaluation | undefined;

/** The same order as the evaluation's stages. */
const STEPS: readonly (readonly [DecidingStage, Step])[] = [
  ['down', down],
  ['overrides', overrides],
  ['conflicts', conflicts],
  ['requires', requires],
  ['rules', rules],
  ['rollout', rollout],
  ['serve', serve],
];

/** What the details amount to: the stage that decides and its result. */
export function decide(flag: SnapshotFlag, details: ExplanationDetails) {
  for (const [decidedBy, step] of STEPS) {
    const evaluation = step(flag, details);
    if (evaluation === UNREADABLE_CONTEXT) return { decidedBy: 'context' as const, evaluation };
    if (evaluation !== undefined) return { decidedBy, evaluation };
  }
  throw new Error('the serve stage always decides');
}

function down(flag: SnapshotFlag): Evaluation | undefined {
  return flag.down ? downed(flag) : undefined;
}

function overrides(flag: SnapshotFlag, details: ExplanationDetails): Evaluation | undefined {
  for (const { unit, variant } of details.overrides) {
    if (unit.unreadable) return UNREADABLE_CONTEXT;
    if (variant !== undefined) {
      return served(flag, variant, { reason: 'TARGETING_MATCH', rule: 'override' });
    }
  }
  return undefined;
}

function conflicts(flag: SnapshotFlag, { conflicts: { own, others } }: ExplanationDetails) {
  if (own === false) return undefined;
  const outcome = decisive([
    own,
    ...others.map((other) => other.couldLeaveSafe).filter(isNotFalse),
  ]);
  if (outcome === 'unreadable') return UNREADABLE_CONTEXT;
  return outcome ? served(flag, flag.safe, { reason: 'DEFAULT', rule: 'conflict' }) : undefined;
}

/** This flag must be read, and then the first other one that is not false counts. */
function decisive([own, other]: readonly Outcome[]): Outcome {
  return own === true ? (other ?? false) : (own ?? false);
}

function isNotFalse(outcome: Outcome): boolean {
  return outcome !== false;
}

function requires(flag: SnapshotFlag, { requires: { problem, flags } }: ExplanationDetails) {
  const unmet = served(flag, flag.safe, { reason: 'DEFAULT', rule: 'requires' });
  if (problem !== undefined) return unmet;
  const first = flags.find(({ met }) => met !== true);
  if (first === undefined) return undefined;
  return first.met === 'unreadable' ? UNREADABLE_CONTEXT : unmet;
}

function rules(flag: SnapshotFlag, details: ExplanationDetails): Evaluation | undefined {
  const rule = details.rules.find(({ outcome }) => outcome !== false);
  if (rule === undefined) return undefined;
  return rule.outcome === true ? ruleResult(flag, rule) : UNREADABLE_CONTEXT;
}

function ruleResult(flag: SnapshotFlag, { name: rule, serve: variant, split }: RuleExplanation) {
  if (variant !== undefined) return served(flag, variant, { reason: 'TARGETING_MATCH', rule });
  if (split?.unit.unreadable === true) return UNREADABLE_CONTEXT;
  if (split?.variant === undefined) return served(flag, flag.serve, { reason: 'DEFAULT', rule });
  return served(flag, split.variant, { reason: 'SPLIT', rule });
}

function rollout(flag: SnapshotFlag, details: ExplanationDetails): Evaluation | undefined {
  const explained = details.rollout;
  if (explained === undefined || flag.rollout === undefined) return undefined;
  if (explained.unit.unreadable) return UNREADABLE_CONTEXT;
  const { arm, allocation, allocations } = explained;
  if (stopsUnreadable(explained)) return UNREADABLE_CONTEXT;
  if (arm !== undefined && allocation !== undefined) {
    const variant = arm === 'treatment' ? explained.to : explained.control;
    const exposure = exposureOf(flag, flag.rollout, { allocation, arm });
    return served(flag, variant, { reason: 'SPLIT', exposure });
  }
  const holds = allocations.some(({ outcome }) => outcome === true);
  return holds ? served(flag, explained.control, { reason: 'DEFAULT' }) : undefined;
}

/** Audiences are tried until one says treatment, or, without a unit, until one holds. */
function stopsUnreadable({
  unit,
  allocations,
}: NonNullable<ExplanationDetails['rollout']>): boolean {
  for (const { outcome, withinShare } of allocations) {
    if (outcome === 'unreadable') return true;
    if (outcome === true && (withinShare || unit.value === undefined)) return false;
  }
  return false;
}

function serve(flag: SnapshotFlag, { conflicts: { others } }: ExplanationDetails): Evaluation {
  const conflicting = others.map((other) => other.flag);
  return served(flag, flag.serve, { reason: isStatic(flag, conflicting) ? 'STATIC' : 'DEFAULT' });
}
