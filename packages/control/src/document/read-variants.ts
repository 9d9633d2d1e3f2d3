import type { JsonValue } from '@downhaul/engine';
import { domainError } from '../error/domain-error.ts';
import { type Reader, recordOf, textOf, wrongType } from './reader.ts';

/** Browsers, flagd and dashboards show variants, so they hold nothing that markup would read. */
export const VARIANT_PATTERN = '^[^<>&"]{1,100}$';
const VARIANT_ACCEPTS = '1 to 100 characters without < > & and ", not `__proto__`';

const MOST_DEPTH = 32;
const MOST_VALUE_CHARACTERS = 65_536;

const readVariantText = textOf({ pattern: VARIANT_PATTERN, accepted: VARIANT_ACCEPTS });

/** Never `__proto__`: as the name of a property it would vanish. */
const readVariantKey: Reader<string> = (value, path, problems) =>
  readVariantText(value === '__proto__' ? '' : value, path, problems);

const readValue: Reader<JsonValue> = (value, path, problems) => {
  if (!isJson(value, MOST_DEPTH)) {
    return wrongType(
      value,
      { path, accepted: `a JSON value at most ${MOST_DEPTH} deep` },
      problems,
    );
  }
  const { length } = JSON.stringify(value);
  if (length <= MOST_VALUE_CHARACTERS) return value;
  const accepted = `at most ${MOST_VALUE_CHARACTERS} characters of JSON`;
  problems.push(
    domainError('document_too_large', { count: length, what: 'characters' }, { path, accepted }),
  );
  return undefined;
};

/** Variants and their values. */
export const readVariants = recordOf(readValue, { key: readVariantKey, least: 1, most: 100 });

/** How a document may name a variant: YAML readers make a boolean of `on`, and a number of `1`. */
export type VariantName = string | boolean | number;

export const readVariantName: Reader<VariantName> = (value, path, problems) => {
  if (typeof value === 'boolean' || typeof value === 'number') return value;
  return readVariantText(value, path, problems);
};

const YES = ['true', 'on', 'yes'];
const NO = ['false', 'off', 'no'];

/** The variant that a document means: for a boolean, the one of the flag's variants that says so. */
export function variantMeant(
  name: VariantName,
  variants: Readonly<Record<string, JsonValue>>,
): string {
  if (typeof name !== 'boolean') return String(name);
  return (name ? YES : NO).find((word) => Object.hasOwn(variants, word)) ?? String(name);
}

function isJson(value: unknown, depth: number): value is JsonValue {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true;
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || depth === 0) return false;
  return Object.values(value).every((each) => isJson(each, depth - 1));
}
