import { compileReader } from '../condition/read-attribute.ts';
import type { EvaluationContext } from '../evaluate/types.ts';
import { unitText } from '../evaluate/unit.ts';
import { cut, MILLION } from '../hash/cut.ts';
import { murmur3 } from '../hash/murmur3.ts';
import type { BucketExplanation, UnitExplanation } from './types.ts';

/** The unit that an attribute of the context names. */
export function explainUnit(attribute: string, context: EvaluationContext): UnitExplanation {
  try {
    const value = unitText(compileReader(attribute)(context));
    return value === ''
      ? { attribute, unreadable: false }
      : { attribute, value, unreadable: false };
  } catch {
    return { attribute, unreadable: true };
  }
}

/** Where the unit's hash under a salt lies. */
export function explainBucket(unit: UnitExplanation, salt: string): BucketExplanation {
  if (unit.value === undefined) return { unit, salt };
  const hash = murmur3(salt + unit.value);
  return { unit, salt, hash, bucket: cut(hash, MILLION) };
}
