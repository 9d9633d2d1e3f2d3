import { failure, type Result, success } from '../error/result.ts';
import type { DomainError } from '../error/types.ts';
import type { SegmentDefinition } from '../segment/types.ts';
import { readCondition } from './read-condition.ts';
import { objectOf } from './reader.ts';
import { readKey, readName, readVersion } from './readers.ts';

const readShape = objectOf(
  { segment: readKey, owner: readName, if: readCondition },
  { version: readVersion },
);

/** A segment from its document, as JSON; or every problem in it, with its place and what is accepted. */
export function readSegmentDocument(json: unknown): Result<SegmentDefinition> {
  const problems: DomainError[] = [];
  const shape = readShape(json, '', problems);
  if (shape === undefined) return failure(...problems);
  return success({ key: shape.segment, owner: shape.owner, if: shape.if });
}
