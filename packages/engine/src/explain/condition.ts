import { compileCondition } from '../condition/compile.ts';
import { compileReader } from '../condition/read-attribute.ts';
import type { AttributeCondition, Condition } from '../condition/types.ts';
import type { EvaluationContext } from '../evaluate/types.ts';
import { segmentProblems } from '../snapshot/dependencies.ts';
import type { Snapshot } from '../snapshot/types.ts';
import { describeOperand, describeValue } from './describe-value.ts';
import type { ConditionExplanation, Outcome } from './types.ts';

export interface ConditionScope {
  readonly segments: Snapshot['segments'];
  readonly context: EvaluationContext;
}

/**
 * Evaluates a condition with everything in it shown, also what the evaluation itself skips: `all` ends at
 * the first that is not true, `any` at the first that is not false, and only what comes before can throw.
 */
export function explainCondition(
  condition: Condition,
  scope: ConditionScope,
): ConditionExplanation {
  if ('all' in condition) {
    const inner = condition.all.map((each) => explainCondition(each, scope));
    return { text: 'all of', outcome: firstOutcome(inner, true), inner };
  }
  if ('any' in condition) {
    const inner = condition.any.map((each) => explainCondition(each, scope));
    return { text: 'any of', outcome: firstOutcome(inner, false), inner };
  }
  if ('segment' in condition) return explainSegment(condition.segment, scope);
  if ('not' in condition) {
    const inner = explainCondition(condition.not, scope);
    return { text: 'not', outcome: opposite(inner.outcome), inner: [inner] };
  }
  return explainAttribute(condition, scope);
}

/** The first outcome that differs from `neutral`, which is the outcome of none. */
function firstOutcome(inner: readonly ConditionExplanation[], neutral: boolean): Outcome {
  return inner.find(({ outcome }) => outcome !== neutral)?.outcome ?? neutral;
}

function opposite(outcome: Outcome): Outcome {
  return typeof outcome === 'boolean' ? !outcome : outcome;
}

function explainSegment(key: string, scope: ConditionScope): ConditionExplanation {
  const text = `in segment ${key}`;
  const segment = Object.hasOwn(scope.segments, key) ? scope.segments[key] : undefined;
  const problem =
    segment === undefined ? `there is no segment ${key}` : segmentProblems(scope.segments).get(key);
  if (segment === undefined || problem !== undefined) {
    return { text, outcome: false, problem: problem ?? '', inner: [] };
  }
  const inner = explainCondition(segment.if, scope);
  return { text, outcome: inner.outcome, inner: [inner] };
}

function explainAttribute(
  condition: AttributeCondition,
  { context }: ConditionScope,
): ConditionExplanation {
  const { attribute, ...operator } = condition;
  const [name = '', operand] = Object.entries(operator)[0] ?? [];
  const text = `${attribute} ${name} ${describeOperand(operand)}`;
  if (typeof attribute !== 'string') return { text: 'unknown', outcome: 'unknown', inner: [] };
  return { text, ...testAttribute(condition, context), inner: [] };
}

function testAttribute(condition: AttributeCondition, context: EvaluationContext) {
  const seen = readAttribute(condition.attribute, context);
  try {
    const matches = compileCondition(condition, noSegment);
    return { outcome: safely(() => matches(context)), seen };
  } catch {
    return { outcome: 'unknown' as const, seen };
  }
}

function noSegment(): never {
  throw new Error('a condition on an attribute refers to no segment');
}

function readAttribute(attribute: string, context: EvaluationContext): string {
  try {
    return describeValue(compileReader(attribute)(context));
  } catch {
    return 'unreadable';
  }
}

/** The outcome of something that reads the context. */
export function safely(read: () => boolean): Outcome {
  try {
    return read();
  } catch {
    return 'unreadable';
  }
}
