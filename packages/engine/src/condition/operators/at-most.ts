import { numberOperator } from './operator.ts';

export const atMost = numberOperator((value, operand) => value <= operand);
