import type { JsonValue } from '@downhaul/engine';

/** `$schema` of the documents. */
export const JSON_SCHEMA = 'https://json-schema.org/draft/2020-12/schema';

/** A JSON Schema, draft 2020-12, as plain data: no library has to come along to build or read it. */
export type JsonSchema = { readonly [keyword: string]: JsonValue };

/** Keywords beside the type: bounds, patterns, descriptions. */
type Keywords = JsonSchema;

interface OptionalProperty {
  readonly optional: JsonSchema;
}

/** An object with these properties and no others. */
export function object(
  properties: Readonly<Record<string, JsonSchema | OptionalProperty>>,
  keywords: Keywords = {},
): JsonSchema {
  const required = Object.keys(properties).filter((name) => !isOptional(properties[name]!));
  return {
    type: 'object',
    ...(required.length === 0 ? {} : { required }),
    properties: Object.fromEntries(
      Object.entries(properties).map(([name, each]) => [
        name,
        isOptional(each) ? each.optional : each,
      ]),
    ),
    additionalProperties: false,
    ...keywords,
  };
}

/** Marks a property that may be left out. */
export function optional(schema: JsonSchema): OptionalProperty {
  return { optional: schema };
}

/** An object from keys of a pattern to values of one schema. */
export function record(keyPattern: string, value: JsonSchema, keywords: Keywords): JsonSchema {
  const patternProperties = { [keyPattern]: value };
  return { type: 'object', patternProperties, additionalProperties: false, ...keywords };
}

export function array(items: JsonSchema, keywords: Keywords = {}): JsonSchema {
  return { type: 'array', items, ...keywords };
}

export function string(keywords: Keywords = {}): JsonSchema {
  return { type: 'string', ...keywords };
}

export function number(keywords: Keywords = {}): JsonSchema {
  return { type: 'number', ...keywords };
}

export function integer(keywords: Keywords): JsonSchema {
  return { type: 'integer', ...keywords };
}

export function boolean(): JsonSchema {
  return { type: 'boolean' };
}

/** One of a few words. */
export function words(...values: readonly string[]): JsonSchema {
  return { type: 'string', enum: values };
}

export function anyOf(schemas: readonly JsonSchema[], keywords: Keywords = {}): JsonSchema {
  return { anyOf: schemas, ...keywords };
}

/** `optional` is no keyword of JSON Schema. */
function isOptional(property: JsonSchema | OptionalProperty): property is OptionalProperty {
  return 'optional' in property;
}

/** Only true. */
export const onlyTrue: JsonSchema = { type: 'boolean', enum: [true] };
