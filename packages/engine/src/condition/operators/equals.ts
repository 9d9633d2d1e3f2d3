import { isScalar, type OperatorDefinition } from './operator.ts';

/** Same type and same value; text is compared by code units, without normalization. */
export const equals: OperatorDefinition = {
  accepts: 'a string, a finite number or a boolean',
  compile: (attribute, operand) =>
    isScalar(operand) ? (context) => context[attribute] === operand : undefined,
};
