import type { AttributeCondition, Condition } from '@downhaul/engine';
import { audienceContains } from '../plan/audience.ts';
import { type Width, widthOf } from './width.ts';

/**
 * A kind of unit that conditions can tell from others: which of their tests hold for it. An ordinary unit
 * is one that none of them names or describes.
 */
export interface UnitCase {
  /** `open` for ordinary units. */
  readonly width: Width;
  /** The tests that single this kind of unit out; what they imply holds as well. */
  readonly held: readonly AttributeCondition[];
  /** Attributes that it lacks; `all` for a context without any, and without a unit. */
  readonly lacks: ReadonlySet<string> | 'all';
}

type SegmentLookup = (key: string) => Condition | undefined;

const MOST_ATTRIBUTES = 8;
const MOST_WAYS = 64;

/** Ordinary units: with every attribute, with none, and without each one that somebody asks for. */
export function ordinaryCases(tests: readonly AttributeCondition[]): readonly UnitCase[] {
  const asked = new Set(tests.filter((test) => widthOf(test) === 'open').map(attributeOf));
  const lacking = [...asked].slice(0, MOST_ATTRIBUTES).map((attribute) => new Set([attribute]));
  return [new Set<string>(), 'all' as const, ...lacking].map((lacks) => ({
    width: 'open',
    held: [],
    lacks,
  }));
}

/** The units whom each condition singles out, once for each way in which it can hold. */
export function singledOut(
  conditions: readonly Condition[],
  segmentOf: SegmentLookup,
): readonly UnitCase[] {
  const cases = new Map<string, UnitCase>();
  for (const condition of conditions) {
    for (const held of waysToHold(condition, { segmentOf, seen: new Set() })) {
      if (held.length === 0 || cases.size >= MOST_WAYS) continue;
      const width = held.some((test) => widthOf(test) === 'named') ? 'named' : 'described';
      cases.set(JSON.stringify(held), { width, held, lacks: new Set() });
    }
  }
  return [...cases.values()];
}

interface Ways {
  readonly segmentOf: SegmentLookup;
  readonly seen: ReadonlySet<string>;
}

function waysToHold(condition: Condition, ways: Ways): readonly (readonly AttributeCondition[])[] {
  if ('any' in condition) return condition.any.flatMap((each) => waysToHold(each, ways));
  if ('all' in condition) {
    return condition.all.reduce<readonly (readonly AttributeCondition[])[]>(
      (before, each) =>
        before
          .flatMap((held) => waysToHold(each, ways).map((more) => [...held, ...more]))
          .slice(0, MOST_WAYS),
      [[]],
    );
  }
  if ('not' in condition) return [[]];
  if (!('segment' in condition)) return [widthOf(condition) === 'open' ? [] : [condition]];
  const { segmentOf, seen } = ways;
  const inner = seen.has(condition.segment) ? undefined : segmentOf(condition.segment);
  if (inner === undefined) return [];
  return waysToHold(inner, { segmentOf, seen: new Set([...seen, condition.segment]) });
}

/** True if a condition holds for the units of a case. */
export function holdsFor(unit: UnitCase, condition: Condition, segmentOf: SegmentLookup): boolean {
  return holdsAt(1, condition, { unit, segmentOf });
}

interface Asking {
  readonly unit: UnitCase;
  readonly segmentOf: SegmentLookup;
}

function holdsAt(depth: number, condition: Condition, asking: Asking): boolean {
  const inner = (each: Condition) => holdsAt(depth + 1, each, asking);
  if ('all' in condition) return condition.all.every(inner);
  if ('any' in condition) return condition.any.some(inner);
  if ('not' in condition) return !inner(condition.not);
  if (!('segment' in condition)) return testHolds(asking.unit, condition);
  const segment = asking.segmentOf(condition.segment);
  return segment !== undefined && depth < MOST_DEPTH && inner(segment);
}

/** As deep as evaluators go into segments, and more. */
const MOST_DEPTH = 100;

function testHolds({ held, lacks }: UnitCase, test: AttributeCondition): boolean {
  const attribute = attributeOf(test);
  const isThere = lacks !== 'all' && !lacks.has(attribute);
  if ('exists' in test) return test.exists === isThere;
  const own = held.filter((each) => attributeOf(each) === attribute);
  const isHeld = own.some((each) => audienceContains(test, each));
  if (widthOf(test) !== 'open') return isHeld;
  // What is not this value is everything else, unless the unit was singled out by just this value.
  return isThere && !own.some((each) => excludes(test, each));
}

function excludes(test: AttributeCondition, held: AttributeCondition): boolean {
  const values = 'equals' in held ? [held.equals] : 'in' in held ? held.in : [];
  if ('notEquals' in test) return values.includes(test.notEquals);
  return 'notIn' in test && values.some((value) => test.notIn.includes(value));
}

function attributeOf({ attribute }: AttributeCondition): string {
  return attribute;
}
