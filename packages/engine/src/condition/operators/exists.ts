import type { OperatorDefinition } from './operator.ts';

/** Whether the attribute is there: neither missing nor null. */
export const exists: OperatorDefinition = {
  accepts: 'true or false',
  compile: (operand) => {
    if (operand === true) return isPresent;
    return operand === false ? (value) => !isPresent(value) : undefined;
  },
};

function isPresent(value: unknown): boolean {
  return value !== undefined && value !== null;
}
