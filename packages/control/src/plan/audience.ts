import type { AttributeCondition, Condition } from '@downhaul/engine';
import { sameJson } from '../document/same-json.ts';

/**
 * True if everybody in `inner` is surely in `outer`, judged by the form of the conditions alone;
 * undefined is everyone. Never true where it is not so; it may be false where only the data could tell.
 */
export function audienceContains(
  outer: Condition | undefined,
  inner: Condition | undefined,
): boolean {
  if (outer === undefined) return true;
  if (inner === undefined) return isEveryone(outer);
  if (sameJson(outer, inner)) return true;
  if ('any' in inner) return inner.any.every((each) => audienceContains(outer, each));
  if ('all' in outer) return outer.all.every((each) => audienceContains(each, inner));
  if ('any' in outer && outer.any.some((each) => audienceContains(each, inner))) return true;
  if ('all' in inner) return inner.all.some((each) => audienceContains(outer, each));
  if ('not' in outer && 'not' in inner) return audienceContains(inner.not, outer.not);
  return 'attribute' in outer && 'attribute' in inner && attributeContains(outer, inner);
}

/** True if a condition holds for every context, whatever it is, by its form alone. */
export function isEveryone(condition: Condition | undefined): boolean {
  if (condition === undefined) return true;
  if ('all' in condition) return condition.all.every(isEveryone);
  if ('any' in condition) return condition.any.some(isEveryone);
  if ('not' in condition) return isNobody(condition.not);
  return false;
}

function isNobody(condition: Condition): boolean {
  if ('all' in condition) return condition.all.some(isNobody);
  if ('any' in condition) return condition.any.every(isNobody);
  if ('not' in condition) return isEveryone(condition.not);
  return false;
}

function attributeContains(outer: AttributeCondition, inner: AttributeCondition): boolean {
  if (outer.attribute !== inner.attribute) return false;
  // A missing attribute makes every operator false but `exists: false`.
  if ('exists' in outer) return outer.exists && !('exists' in inner);
  const among = listOf(outer);
  const wanted = listOf(inner);
  if (among !== undefined)
    return wanted !== undefined && wanted.every((value) => among.includes(value));
  const excluded = excludedBy(outer);
  if (excluded === undefined) return false;
  const innerExcluded = excludedBy(inner);
  return innerExcluded !== undefined && excluded.every((value) => innerExcluded.includes(value));
}

type Values = readonly (string | number | boolean)[];

function listOf(condition: AttributeCondition): Values | undefined {
  if ('in' in condition) return condition.in;
  return 'equals' in condition ? [condition.equals] : undefined;
}

function excludedBy(condition: AttributeCondition): Values | undefined {
  if ('notIn' in condition) return condition.notIn;
  return 'notEquals' in condition ? [condition.notEquals] : undefined;
}
