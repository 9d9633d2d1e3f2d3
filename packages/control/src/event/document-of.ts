import type { JsonValue } from '@downhaul/engine';
import { writeFlagDocument } from '../document/write-flag-document.ts';
import { writeMetricDocument } from '../document/write-metric-document.ts';
import { writePlanDocument } from '../document/write-plan-document.ts';
import { writeSegmentDocument } from '../document/write-segment-document.ts';
import type { PutBody } from '../command/types.ts';
import type { EventBody } from './types.ts';

/** The document that an event put; undefined for events of another kind. */
export function documentOf(event: EventBody): JsonValue | undefined {
  switch (event.type) {
    case 'flagPut':
      return writeFlagDocument(event.definition);
    case 'planPut':
      return writePlanDocument(event.plan);
    case 'metricPut':
      return writeMetricDocument(event.metric);
    case 'segmentPut':
      return writeSegmentDocument(event);
    default:
      return undefined;
  }
}

/** The document that a command puts, every default written out. */
export function documentOfPut(put: PutBody): JsonValue {
  switch (put.type) {
    case 'putFlag':
      return writeFlagDocument(put.definition);
    case 'putPlan':
      return writePlanDocument(put.plan);
    case 'putMetric':
      return writeMetricDocument(put.metric);
    case 'putSegment':
      return writeSegmentDocument(put);
  }
}
