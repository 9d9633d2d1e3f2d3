import type { JsonValue } from '../json.ts';
import type { FlagType } from '../snapshot/types.ts';
import { failed } from './results.ts';
import type { Evaluation } from './types.ts';

/** The same evaluation if its value is of the type asked for, or has none; else TYPE_MISMATCH. */
export function checkType(evaluation: Evaluation, type: FlagType): Evaluation {
  const { value } = evaluation;
  if (value === undefined || typeOf(value) === type) return evaluation;
  return failed('TYPE_MISMATCH', `the flag's value is of type ${typeOf(value)}, not ${type}`);
}

/** The flag type of a value: lists and null count as objects, as everything that is not a scalar. */
export function typeOf(value: JsonValue): FlagType {
  const type = typeof value;
  return type === 'boolean' || type === 'string' || type === 'number' ? type : 'object';
}
