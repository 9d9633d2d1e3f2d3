import type { KeyValue } from '../generated/otlp_pb.ts';

export type Attributes = ReadonlyMap<string, string | number | boolean>;

/** Attributes by key; lists and maps are not read here and left out. */
export function attributesOf(pairs: readonly KeyValue[]): Attributes {
  const attributes = new Map<string, string | number | boolean>();
  for (const { key, value } of pairs) {
    const given = value?.value;
    if (given?.case === undefined) continue;
    attributes.set(key, given.case === 'intValue' ? Number(given.value) : given.value);
  }
  return attributes;
}

/** A text attribute, or the first of several names that has one. */
export function textAt(attributes: Attributes, ...keys: readonly string[]): string | undefined {
  for (const key of keys) {
    const value = attributes.get(key);
    if (value !== undefined && value !== '') return String(value);
  }
  return undefined;
}

/** A whole number, also where it came as text. */
export function wholeAt(attributes: Attributes, ...keys: readonly string[]): number | undefined {
  const text = textAt(attributes, ...keys);
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** Nanoseconds since 1970 as milliseconds, rounded down. */
export function millisecondsOf(nanoseconds: bigint): number {
  return Number(nanoseconds / 1_000_000n);
}
