import {
  anyOf,
  array,
  boolean,
  integer,
  number,
  object,
  onlyTrue,
  optional,
  record,
  string,
  words,
  JSON_SCHEMA,
} from './json-schema.ts';
import { conditionDefinitions, conditionReference } from './condition-schema.ts';
import { DATE_PATTERN } from './date.ts';
import { KEY_PATTERN } from './key.ts';
import { InlinePlan } from './plan-document.ts';
import { VARIANT_PATTERN } from './read-variants.ts';
import { NAME_MOST } from './readers.ts';
import { versionSchema } from './version-schema.ts';

const key = string({ pattern: KEY_PATTERN });
const name = string({ minLength: 1, maxLength: NAME_MOST });
const text = string({ minLength: 1, maxLength: 2000 });

const variant = anyOf([string({ pattern: VARIANT_PATTERN }), boolean(), number()], {
  description: 'Key of a variant; a boolean means the variant on or off, true or false, yes or no.',
});

const split = object({
  unit: optional(name),
  salt: optional(name),
  weights: array(object({ variant, weight: integer({ minimum: 0, maximum: 2_147_483_647 }) }), {
    minItems: 1,
    maxItems: 100,
  }),
});

const rule = anyOf([
  object({ name, if: conditionReference, serve: variant }),
  object({ name, if: conditionReference, split }),
]);

const rollout = object({
  plan: anyOf([key, InlinePlan], { description: 'Key of a plan, or a plan written here.' }),
  to: variant,
  attempt: optional(
    integer({
      minimum: 1,
      maximum: 1000,
      description: 'Raised above the newest attempt, it starts the next one.',
    }),
  ),
});

const environment = anyOf([
  object({
    serve: variant,
    rules: optional(array(rule, { maxItems: 200 })),
    rollout: optional(rollout),
  }),
  object({ removed: onlyTrue }, { description: 'Takes the flag out of the environment.' }),
]);

const requires = object({
  flags: optional(array(object({ flag: key, variant }), { maxItems: 50 })),
  services: optional(
    array(object({ service: name, contract: name, version: name }), {
      maxItems: 50,
    }),
  ),
  migrations: optional(array(name, { maxItems: 50 })),
});

/** JSON Schema of a flag's document. */
export const FlagDocument = object(
  {
    flag: string({ pattern: KEY_PATTERN, description: 'Key of the flag.' }),
    kind: words('release', 'experiment', 'operational', 'permission'),
    type: words('boolean', 'string', 'number', 'object'),
    owner: name,
    purpose: text,
    variants: record(
      VARIANT_PATTERN,
      {},
      {
        minProperties: 1,
        maxProperties: 100,
      },
    ),
    safe: optional(variant),
    affects: optional(array(name, { maxItems: 100 })),
    dataCompatibility: optional(text),
    expires: optional(string({ pattern: DATE_PATTERN })),
    requires: optional(requires),
    conflicts: optional(array(key, { maxItems: 50 })),
    environments: optional(
      record(KEY_PATTERN, environment, {
        maxProperties: 50,
      }),
    ),
    version: optional(versionSchema),
  },
  { $schema: JSON_SCHEMA, title: 'Flag', $defs: conditionDefinitions },
);
