import { attributeInstant, INSTANT_ACCEPTS, operandInstant } from './instant.ts';
import type { OperatorDefinition } from './operator.ts';

export const before: OperatorDefinition = {
  accepts: INSTANT_ACCEPTS,
  compile: (attribute, operand) => {
    const instant = operandInstant(operand);
    if (instant === undefined) return undefined;
    return (context) => attributeInstant(context[attribute]) < instant;
  },
};
