import type { JsonValue } from '@downhaul/engine';

/**
 * A document as `put` takes it again, with the version that it was read at: it is refused once somebody
 * has changed it meanwhile.
 */
export function documentAt(document: JsonValue, version: number): object {
  return { ...(document as object), version };
}
