import { anyOf, array, boolean, number, object, string } from './json-schema.ts';

const scalar = anyOf([string({ maxLength: 1000 }), number(), boolean()]);
const text = string({ maxLength: 1000 });

/** The operand that each operator of the engine takes. */
const OPERANDS = {
  equals: scalar,
  notEquals: scalar,
  in: array(scalar, { maxItems: 1000 }),
  notIn: array(scalar, { maxItems: 1000 }),
  startsWith: text,
  endsWith: text,
  contains: text,
  lessThan: number(),
  atMost: number(),
  greaterThan: number(),
  atLeast: number(),
  semver: string({ maxLength: 1000, description: 'A range of versions such as >=2.1 <3.' }),
  before: string({ maxLength: 1000, description: 'A date, or an RFC 3339 date and time.' }),
  after: string({ maxLength: 1000, description: 'A date, or an RFC 3339 date and time.' }),
  exists: boolean(),
};

/** Where a document that speaks of conditions has their schema: in its `$defs`. */
export const conditionReference = { $ref: '#/$defs/Condition' };

const conditions = array(conditionReference, { maxItems: 1000 });

/** Who, by attributes of the evaluation context and by segments. */
export const conditionDefinitions = {
  Condition: anyOf([
    object({ all: conditions }),
    object({ any: conditions }),
    object({ not: conditionReference }),
    object({ segment: string({ maxLength: 1000 }) }),
    ...Object.entries(OPERANDS).map(([operator, operand]) =>
      object({ attribute: string({ minLength: 1 }), [operator]: operand }),
    ),
  ]),
};
