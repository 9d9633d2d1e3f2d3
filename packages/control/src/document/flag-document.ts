import { Type } from 'typebox';
import { conditionDefinitions, ConditionReference } from './condition-schema.ts';
import { DATE_PATTERN } from './date.ts';
import { KEY_PATTERN } from './key.ts';
import { InlinePlan } from './plan-document.ts';
import { VARIANT_PATTERN } from './read-variants.ts';
import { NAME_MOST } from './readers.ts';

const closed = { additionalProperties: false };
const key = Type.String({ pattern: KEY_PATTERN });
const name = Type.String({ minLength: 1, maxLength: NAME_MOST });
const text = Type.String({ minLength: 1, maxLength: 2000 });

const variant = Type.Union(
  [Type.String({ pattern: VARIANT_PATTERN }), Type.Boolean(), Type.Number()],
  {
    description:
      'Key of a variant; a boolean means the variant on or off, true or false, yes or no.',
  },
);

const split = Type.Object(
  {
    unit: Type.Optional(name),
    salt: Type.Optional(name),
    weights: Type.Array(
      Type.Object(
        { variant, weight: Type.Integer({ minimum: 0, maximum: 2_147_483_647 }) },
        closed,
      ),
      { minItems: 1, maxItems: 100 },
    ),
  },
  closed,
);

const rule = Type.Union([
  Type.Object({ name, if: ConditionReference, serve: variant }, closed),
  Type.Object({ name, if: ConditionReference, split }, closed),
]);

const rollout = Type.Object(
  {
    plan: Type.Union([key, InlinePlan], { description: 'Key of a plan, or a plan written here.' }),
    to: variant,
    attempt: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 1000,
        description: 'Raised above the newest attempt, it starts the next one.',
      }),
    ),
  },
  closed,
);

const environment = Type.Object(
  {
    serve: variant,
    rules: Type.Optional(Type.Array(rule, { maxItems: 200 })),
    rollout: Type.Optional(rollout),
  },
  closed,
);

const requires = Type.Object(
  {
    flags: Type.Optional(Type.Array(Type.Object({ flag: key, variant }, closed), { maxItems: 50 })),
    services: Type.Optional(
      Type.Array(Type.Object({ service: name, contract: name, version: name }, closed), {
        maxItems: 50,
      }),
    ),
    migrations: Type.Optional(Type.Array(name, { maxItems: 50 })),
  },
  closed,
);

/** JSON Schema of a flag's document. */
export const FlagDocument = Type.Object(
  {
    flag: Type.String({ pattern: KEY_PATTERN, description: 'Key of the flag.' }),
    kind: Type.Enum(['release', 'experiment', 'operational', 'permission']),
    type: Type.Enum(['boolean', 'string', 'number', 'object']),
    owner: name,
    purpose: text,
    variants: Type.Record(Type.String({ pattern: VARIANT_PATTERN }), Type.Unknown(), {
      ...closed,
      minProperties: 1,
      maxProperties: 100,
    }),
    safe: Type.Optional(variant),
    affects: Type.Optional(Type.Array(name, { maxItems: 100 })),
    dataCompatibility: Type.Optional(text),
    expires: Type.Optional(Type.String({ pattern: DATE_PATTERN })),
    requires: Type.Optional(requires),
    conflicts: Type.Optional(Type.Array(key, { maxItems: 50 })),
    environments: Type.Optional(
      Type.Record(Type.String({ pattern: KEY_PATTERN }), environment, {
        ...closed,
        maxProperties: 50,
      }),
    ),
  },
  { ...closed, title: 'Flag', $defs: conditionDefinitions },
);
