import { numberOperator } from './operator.ts';

export const greaterThan = numberOperator((value, operand) => value > operand);
