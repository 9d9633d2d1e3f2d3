import { JudgeInputError } from './judge-input-error.ts';
import type { ArmCounts, BatchCounts, Null } from '../betting/types.ts';

/** A probability strictly between 0 and 1. */
export function requireAlpha(field: string, value: number): void {
  if (value > 0 && value < 1) return;
  throw new JudgeInputError(
    'alpha_out_of_range',
    field,
    `${field} is ${value}; a number above 0 and below 1 is accepted`,
  );
}

/** A finite number of at least `least`. */
export function requireAtLeast(field: string, value: number, least: number): void {
  if (Number.isFinite(value) && value >= least) return;
  throw new JudgeInputError(
    'number_out_of_range',
    field,
    `${field} is ${value}; a finite number of at least ${least} is accepted`,
  );
}

/** A share of units, from 0 to 1. */
export function requireShare(field: string, value: number): void {
  if (value >= 0 && value <= 1) return;
  throw new JudgeInputError(
    'share_out_of_range',
    field,
    `${field} is ${value}; 0 to 1 is accepted`,
  );
}

/** A whole number from 0 that a double holds exactly. */
export function requireCount(field: string, value: number): void {
  if (Number.isSafeInteger(value) && value >= 0) return;
  throw new JudgeInputError(
    'count_invalid',
    field,
    `${field} is ${value}; a whole number from 0 to 2^53 - 1 is accepted`,
  );
}

export function requireNull(field: string, value: Null): void {
  if (!(Number.isFinite(value.ratio) && value.ratio > 0)) {
    throw new JudgeInputError(
      'null_ratio_invalid',
      `${field}.ratio`,
      `${field}.ratio is ${value.ratio}; a finite number above 0 is accepted`,
    );
  }
  requireAtLeast(`${field}.excess`, value.excess, 0);
  if (value.excess >= 1) {
    throw new JudgeInputError(
      'null_impossible',
      `${field}.excess`,
      `${field}.excess is ${value.excess}; below 1 is accepted, since no rate can exceed 1`,
    );
  }
}

export function requireCounts(field: string, counts: BatchCounts): void {
  requireArm(`${field}.treatment`, counts.treatment);
  requireArm(`${field}.control`, counts.control);
}

/** Units, and at most as many of them bad. */
export function requireArm(field: string, arm: ArmCounts): void {
  requireCount(`${field}.units`, arm.units);
  requireCount(`${field}.bad`, arm.bad);
  if (arm.bad <= arm.units) return;
  throw new JudgeInputError(
    'more_bad_than_units',
    `${field}.bad`,
    `${field}.bad is ${arm.bad} of ${arm.units} units; at most as many as there are units is accepted`,
  );
}
