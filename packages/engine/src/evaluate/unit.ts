import { type AttributeReader, compileReader } from '../condition/read-attribute.ts';
import type { EvaluationContext } from './types.ts';

export const DEFAULT_UNIT = 'targetingKey';

/** Reads the unit of a context; the empty text means that there is none. Throws what a getter throws. */
export type UnitReader = (context: EvaluationContext) => string;

/**
 * Compiles the reading of the attribute that identifies units. Whoever counts units reads them by this too:
 * a unit that is served and not counted is invisible.
 */
export function compileUnit(attribute: string): UnitReader {
  if (attribute === DEFAULT_UNIT) return readTargetingKey;
  const read: AttributeReader = compileReader(attribute);
  return (context) => unitText(read(context));
}

/** Shared by nearly all flags. */
const readTargetingKey: UnitReader = (context) => unitText(context.targetingKey);

/** A text stands for itself, a whole number for its decimal text; anything else is no unit. */
export function unitText(value: unknown): string {
  if (typeof value === 'string') return value;
  return Number.isSafeInteger(value) ? String(value) : '';
}
