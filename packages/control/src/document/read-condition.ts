import { type Condition, validateCondition } from '@downhaul/engine';
import { domainError } from '../error/domain-error.ts';
import type { Reader } from './reader.ts';

const ACCEPTS = 'one of all, any, not and segment, or attribute with one operator';
const MOST_CONDITIONS = 1000;
const MOST_VALUES = 1000;
const MOST_CHARACTERS = 1000;

/** A condition; what it may be is the engine's to say, how large it may be is said here. */
export const readCondition: Reader<Condition> = (value, path, problems) => {
  const found = validateCondition(value, path);
  for (const problem of found) {
    const place = { path: asPointer(problem.path, path), accepted: ACCEPTS };
    problems.push(domainError('condition_invalid', { problem: problem.message }, place));
  }
  if (found.length > 0) return undefined;
  const condition = value as Condition;
  const excess = excessOf(condition);
  if (excess === undefined) return condition;
  problems.push(
    domainError('document_too_large', excess, { path, accepted: `at most ${excess.most}` }),
  );
  return undefined;
};

/** The engine writes places as `if.all[0].attribute`. */
function asPointer(place: string, base: string): string {
  const below = place.slice(base.length);
  return base + below.replaceAll(/\[(\d+)\]/g, '/$1').replaceAll('.', '/');
}

interface Excess {
  readonly count: number;
  readonly what: string;
  readonly most: number;
}

function excessOf(condition: Condition): Excess | undefined {
  const size = { conditions: 0, values: 0, characters: 0 };
  measure(condition, size);
  if (size.conditions > MOST_CONDITIONS) {
    return { count: size.conditions, what: 'conditions', most: MOST_CONDITIONS };
  }
  if (size.values > MOST_VALUES) return { count: size.values, what: 'values', most: MOST_VALUES };
  if (size.characters <= MOST_CHARACTERS) return undefined;
  return { count: size.characters, what: 'characters', most: MOST_CHARACTERS };
}

interface Size {
  conditions: number;
  /** Of the longest list. */
  values: number;
  /** Of the longest text. */
  characters: number;
}

function measure(condition: Condition, size: Size): void {
  size.conditions++;
  if ('all' in condition) for (const each of condition.all) measure(each, size);
  else if ('any' in condition) for (const each of condition.any) measure(each, size);
  else if ('not' in condition) measure(condition.not, size);
  else for (const operand of Object.values(condition)) measureOperand(operand, size);
}

function measureOperand(operand: unknown, size: Size): void {
  if (Array.isArray(operand)) {
    size.values = Math.max(size.values, operand.length);
    for (const each of operand) measureOperand(each, size);
  }
  if (typeof operand === 'string') size.characters = Math.max(size.characters, operand.length);
}
