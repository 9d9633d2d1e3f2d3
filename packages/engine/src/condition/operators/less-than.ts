import { numberOperator } from './operator.ts';

export const lessThan = numberOperator((value, operand) => value < operand);
