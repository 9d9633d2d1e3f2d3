import { object, optional, string, JSON_SCHEMA } from './json-schema.ts';
import { conditionDefinitions, conditionReference } from './condition-schema.ts';
import { KEY_PATTERN } from './key.ts';
import { NAME_MOST } from './readers.ts';
import { versionSchema } from './version-schema.ts';

/** JSON Schema of a segment's document. */
export const SegmentDocument = object(
  {
    segment: string({ pattern: KEY_PATTERN, description: 'Key of the segment.' }),
    owner: string({ minLength: 1, maxLength: NAME_MOST }),
    if: conditionReference,
    version: optional(versionSchema),
  },
  { $schema: JSON_SCHEMA, title: 'Segment', $defs: conditionDefinitions },
);
