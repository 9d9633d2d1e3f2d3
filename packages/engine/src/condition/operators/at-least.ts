import { numberOperator } from './operator.ts';

export const atLeast = numberOperator((value, operand) => value >= operand);
