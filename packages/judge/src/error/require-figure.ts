import { JudgeInputError } from './judge-input-error.ts';

/** A finite number above 0. */
export function requirePositive(field: string, value: number): void {
  if (Number.isFinite(value) && value > 0) return;
  throw new JudgeInputError(
    'number_out_of_range',
    field,
    `${field} is ${value}; a finite number above 0 is accepted`,
  );
}

/** A finite number of either sign. */
export function requireFinite(field: string, value: number): void {
  if (Number.isFinite(value)) return;
  throw new JudgeInputError(
    'number_not_finite',
    field,
    `${field} is ${value}; a finite number is accepted`,
  );
}

/** A share strictly between 0 and 1: neither nothing nor everything. */
export function requireInside(field: string, value: number): void {
  if (value > 0 && value < 1) return;
  throw new JudgeInputError(
    'share_out_of_range',
    field,
    `${field} is ${value}; a number above 0 and below 1 is accepted`,
  );
}

/** Two lists that go together item by item. */
export function requireSameLength(field: string, list: readonly unknown[], expected: number): void {
  if (list.length === expected) return;
  throw new JudgeInputError(
    'lengths_differ',
    field,
    `${field} has ${list.length} items; ${expected} are accepted, one for each of its counterpart`,
  );
}
