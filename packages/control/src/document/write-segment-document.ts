import type { JsonValue } from '@downhaul/engine';
import type { SegmentDefinition } from '../segment/types.ts';

/** The document of a segment: `readSegmentDocument` gives the definition back. */
export function writeSegmentDocument({ key, owner, if: condition }: SegmentDefinition): JsonValue {
  return { segment: key, owner, if: condition };
}
