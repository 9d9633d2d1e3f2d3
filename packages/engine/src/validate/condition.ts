import { MAX_DEPTH } from '../condition/limits.ts';
import { OPERATORS } from '../condition/operators/catalogue.ts';
import { type Problem, ProblemList } from './problems.ts';
import { isObject, type Members } from './shape.ts';

const SHAPES = 'all, any, not, segment or attribute';

/** What is wrong with a condition as a person wrote it; empty if nothing is. Never throws on JSON. */
export function validateCondition(condition: unknown, path = 'if'): readonly Problem[] {
  const list = new ProblemList();
  checkCondition(condition, { path, depth: 1, segments: undefined, strict: true }, list);
  return list.problems;
}

interface ConditionPlace {
  readonly path: string;
  readonly depth: number;
  /** The segments there are, to warn of names that none has. */
  readonly segments: Members | undefined;
  /** Whether what this engine does not know is wrong, or makes the flag serve the code default. */
  readonly strict: boolean;
}

export function checkCondition(condition: unknown, place: ConditionPlace, list: ProblemList): void {
  const { path, depth } = place;
  if (!list.visit(path)) return;
  if (depth > MAX_DEPTH) return list.add(path, `conditions nest deeper than ${MAX_DEPTH}`);
  if (!isObject(condition)) return list.add(path, `must be an object with ${SHAPES}`);
  if ('attribute' in condition) return checkAttribute(condition, place, list);
  const [shape, ...others] = Object.keys(condition);
  if (shape === undefined || others.length > 0)
    return list.add(path, `must have exactly one of ${SHAPES}`);
  const below = { ...place, path: `${path}.${shape}`, depth: depth + 1 };
  if (shape === 'not') return checkCondition(condition['not'], below, list);
  if (shape === 'segment') return checkSegmentName(condition['segment'], below, list);
  if (shape === 'all' || shape === 'any') return checkConditions(condition[shape], below, list);
  return unknown(`must have one of ${SHAPES}`, place, list);
}

function checkConditions(conditions: unknown, place: ConditionPlace, list: ProblemList): void {
  if (!Array.isArray(conditions)) return list.add(place.path, 'must be a list of conditions');
  for (const [index, each] of conditions.entries()) {
    checkCondition(each, { ...place, path: `${place.path}[${index}]` }, list);
    if (list.full) return;
  }
}

function checkSegmentName(
  key: unknown,
  { path, segments }: ConditionPlace,
  list: ProblemList,
): void {
  if (typeof key !== 'string') return list.add(path, 'must be the key of a segment');
  if (segments !== undefined && !Object.hasOwn(segments, key)) {
    list.warn(path, `there is no segment ${key}: the condition is false`);
  }
}

function checkAttribute(condition: Members, place: ConditionPlace, list: ProblemList): void {
  const { attribute, ...operators } = condition;
  if (typeof attribute !== 'string' || attribute === '') {
    return list.add(`${place.path}.attribute`, 'must be the name of an attribute');
  }
  const [name, ...others] = Object.keys(operators);
  if (name === undefined || others.length > 0) {
    return list.add(place.path, 'must have exactly one operator beside the attribute');
  }
  const operator = OPERATORS.get(name);
  if (operator === undefined) {
    const known = [...OPERATORS.keys()].join(', ');
    return unknown(`${name} is no operator that this engine knows: ${known}`, place, list);
  }
  const operand = operators[name];
  if (operator.compile(attribute, operand) === undefined) {
    unknown(`${name} must be ${operator.accepts}`, place, list);
  }
}

function unknown(message: string, place: ConditionPlace, list: ProblemList): void {
  if (place.strict) list.add(place.path, message);
  else list.warnUnfamiliar(place.path, message);
}
