import type { JsonValue } from '@downhaul/engine';
import { changesOf, type FieldChange } from '../document/changes-of.ts';

/** An answer is kept with its idempotency key: it names every change, and shows small values. */
const MOST_CHARACTERS = 300;

/** What an answer says of a put: whether the thing is new, and what its document says differently. */
export function changesTo(
  before: JsonValue | undefined,
  after: JsonValue,
): { readonly created: boolean; readonly changes: readonly FieldChange[] } {
  if (before === undefined) return { created: true, changes: [] };
  return { created: false, changes: changesOf(before, after).map(withSmallValues) };
}

function withSmallValues({ field, text, before, after }: FieldChange): FieldChange {
  return {
    field,
    ...(isSmall(before) ? { before } : {}),
    ...(isSmall(after) ? { after } : {}),
    text,
  };
}

function isSmall(value: JsonValue | undefined): value is JsonValue {
  return value !== undefined && JSON.stringify(value).length <= MOST_CHARACTERS;
}
