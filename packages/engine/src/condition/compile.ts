import { MAX_DEPTH } from './limits.ts';
import { OPERATORS } from './operators/catalogue.ts';
import type { Matcher } from './operators/operator.ts';
import { compileReader, isPlainName } from './read-attribute.ts';
import type { AttributeCondition, Condition } from './types.ts';

type SegmentLookup = (key: string) => Matcher;

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

function compileAttribute(condition: AttributeCondition): Matcher {
  const { attribute } = condition;
  if (typeof attribute !== 'string')
    throw new UnknownConditionError('a condition names no attribute');
  if (isPlainName(attribute)) return compileOperator(condition, attribute);
  const matches = compileOperator(condition, 'value');
  const read = compileReader(attribute);
  return (context) => matches({ value: read(context) });
}

/** The test of an attribute by the one operator that the condition carries. */
function compileOperator(condition: AttributeCondition, attribute: string): Matcher {
  for (const [name, operand] of Object.entries(condition)) {
    if (name === 'attribute') continue;
    const matcher = OPERATORS.get(name)?.compile(attribute, operand);
    if (matcher !== undefined) return matcher;
    throw new UnknownConditionError(`the operator ${name} is not known with this operand`);
  }
  throw new UnknownConditionError('a condition on an attribute has no operator');
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
