import { Type } from 'typebox';
import { conditionDefinitions, ConditionReference } from './condition-schema.ts';
import { KEY_PATTERN } from './key.ts';
import { NAME_MOST } from './readers.ts';

/** JSON Schema of a segment's document. */
export const SegmentDocument = Type.Object(
  {
    segment: Type.String({ pattern: KEY_PATTERN, description: 'Key of the segment.' }),
    owner: Type.String({ minLength: 1, maxLength: NAME_MOST }),
    if: ConditionReference,
  },
  { additionalProperties: false, title: 'Segment', $defs: conditionDefinitions },
);
