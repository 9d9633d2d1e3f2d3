import type { EvaluationContext } from '../evaluate/types.ts';
import { MAX_DEPTH } from './limits.ts';
import { OPERATORS } from './operators/catalogue.ts';
import type { ValueTest } from './operators/operator.ts';
import { compileReader, isBuiltIn } from './read-attribute.ts';
import type { AttributeCondition, Condition } from './types.ts';

export type Matcher = (context: EvaluationContext) => boolean;
export type SegmentLookup = (key: string) => Matcher;

/** Thrown where a condition is none that this engine knows; the flag then serves the code default. */
export class UnknownConditionError extends Error {
  override name = 'UnknownConditionError';
}

/** Compiles a condition to one function of the context. Throws `UnknownConditionError`. */
export function compileCondition(condition: Condition, segment: SegmentLookup, depth = 1): Matcher {
  if (depth > MAX_DEPTH)
    throw new UnknownConditionError(`conditions nest deeper than ${MAX_DEPTH}`);
  const compileInner = (inner: Condition) => compileCondition(inner, segment, depth + 1);
  if ('all' in condition) return all(condition.all.map(compileInner));
  if ('any' in condition) return any(condition.any.map(compileInner));
  if ('segment' in condition) return segment(condition.segment);
  if ('not' in condition) {
    const inner = compileInner(condition.not);
    return (context) => !inner(context);
  }
  return compileAttribute(condition);
}

/** The operator's name and its test, for the one operator that the condition carries. */
export function operatorOf(condition: AttributeCondition): { name: string; test: ValueTest } {
  for (const [name, operand] of Object.entries(condition)) {
    if (name === 'attribute') continue;
    const test = OPERATORS.get(name)?.compile(operand);
    if (test === undefined)
      throw new UnknownConditionError(`the operator ${name} is not known with this operand`);
    return { name, test };
  }
  throw new UnknownConditionError('a condition on an attribute has no operator');
}

function compileAttribute(condition: AttributeCondition): Matcher {
  const { attribute } = condition;
  const { test } = operatorOf(condition);
  if (typeof attribute !== 'string')
    throw new UnknownConditionError('a condition names no attribute');
  if (!attribute.includes('.') && !isBuiltIn(attribute))
    return (context) => test(context[attribute]);
  const read = compileReader(attribute);
  return (context) => test(read(context));
}

function all(matchers: readonly Matcher[]): Matcher {
  const [first, second] = matchers;
  if (first !== undefined && matchers.length === 1) return first;
  if (first !== undefined && second !== undefined && matchers.length === 2) {
    return (context) => first(context) && second(context);
  }
  return (context) => {
    for (const matches of matchers) if (!matches(context)) return false;
    return true;
  };
}

function any(matchers: readonly Matcher[]): Matcher {
  const [first] = matchers;
  if (first !== undefined && matchers.length === 1) return first;
  return (context) => {
    for (const matches of matchers) if (matches(context)) return true;
    return false;
  };
}
