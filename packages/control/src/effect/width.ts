import type { AttributeCondition, Condition } from '@downhaul/engine';

/**
 * How far a test of an attribute reaches, by its form alone. `named`: the values are written there.
 * `described`: a text, range, version or yes-or-no that somebody chose. `open`: everybody but a few.
 */
export type Width = 'named' | 'described' | 'open';

export function widthOf(test: AttributeCondition): Width {
  if ('equals' in test) return widthOfValues([test.equals]);
  if ('in' in test) return widthOfValues(test.in);
  if ('notEquals' in test || 'notIn' in test || 'exists' in test) return 'open';
  for (const text of ['startsWith', 'endsWith', 'contains'] as const) {
    // Every text contains the empty one.
    if (text in test && (test as Readonly<Record<string, unknown>>)[text] === '') return 'open';
  }
  return 'described';
}

/** Two values are no names: they divide everybody. */
function widthOfValues(values: readonly (string | number | boolean)[]): Width {
  return values.some((value) => typeof value === 'boolean') ? 'described' : 'named';
}

/** The conditions of attributes in a condition, those of its segments included. */
export function testsOf(
  condition: Condition,
  segmentOf: (key: string) => Condition | undefined,
  seen: ReadonlySet<string> = new Set(),
): readonly AttributeCondition[] {
  if ('all' in condition) return condition.all.flatMap((each) => testsOf(each, segmentOf, seen));
  if ('any' in condition) return condition.any.flatMap((each) => testsOf(each, segmentOf, seen));
  if ('not' in condition) return testsOf(condition.not, segmentOf, seen);
  if (!('segment' in condition)) return [condition];
  const inner = seen.has(condition.segment) ? undefined : segmentOf(condition.segment);
  if (inner === undefined) return [];
  return testsOf(inner, segmentOf, new Set([...seen, condition.segment]));
}
