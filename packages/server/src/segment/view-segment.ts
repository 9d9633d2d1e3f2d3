import { type SegmentState, writeSegmentDocument } from '@downhaul/control';
import { documentAt } from '../http/document-at.ts';

/** A segment as the API shows it, with its document. */
export function viewSegment(segment: SegmentState) {
  return { ...segment, document: documentAt(writeSegmentDocument(segment), segment.version) };
}
