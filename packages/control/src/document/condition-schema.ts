import type { Condition } from '@downhaul/engine';
import { Type } from 'typebox';

const scalar = Type.Union([Type.String({ maxLength: 1000 }), Type.Number(), Type.Boolean()]);
const text = Type.String({ maxLength: 1000 });
const closed = { additionalProperties: false };

/** The operand that each operator of the engine takes. */
const OPERANDS = {
  equals: scalar,
  notEquals: scalar,
  in: Type.Array(scalar, { maxItems: 1000 }),
  notIn: Type.Array(scalar, { maxItems: 1000 }),
  startsWith: text,
  endsWith: text,
  contains: text,
  lessThan: Type.Number(),
  atMost: Type.Number(),
  greaterThan: Type.Number(),
  atLeast: Type.Number(),
  semver: Type.String({ maxLength: 1000, description: 'A range of versions such as >=2.1 <3.' }),
  before: Type.String({ maxLength: 1000, description: 'A date, or an RFC 3339 date and time.' }),
  after: Type.String({ maxLength: 1000, description: 'A date, or an RFC 3339 date and time.' }),
  exists: Type.Boolean(),
};

/** Where a document that speaks of conditions has their schema: in its `$defs`. */
const reference = { $ref: '#/$defs/Condition' };
const conditions = Type.Array(Type.Unsafe<Condition>(reference), { maxItems: 1000 });

/** Who, by attributes of the evaluation context and by segments; needs `conditionDefinitions`. */
export const ConditionReference = Type.Unsafe<Condition>(reference);

/** `$defs` of every document that speaks of conditions. */
export const conditionDefinitions = {
  Condition: Type.Union([
    Type.Object({ all: conditions }, closed),
    Type.Object({ any: conditions }, closed),
    Type.Object({ not: ConditionReference }, closed),
    Type.Object({ segment: Type.String({ maxLength: 1000 }) }, closed),
    ...Object.entries(OPERANDS).map(([operator, operand]) =>
      Type.Object({ attribute: Type.String({ minLength: 1 }), [operator]: operand }, closed),
    ),
  ]),
};
