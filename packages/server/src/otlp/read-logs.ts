import { type LogRecord, LogRecordSchema } from '../generated/otlp_pb.ts';
import { attributesOf, millisecondsOf, textAt } from './attributes.ts';
import { type Encoding, idText } from './body.ts';
import { readEvaluation } from './read-evaluation.ts';
import type { Signal } from './signal.ts';
import type { Told } from './told.ts';

const EVENTS = ['feature_flag.evaluation', 'feature_flag'];

/** Evaluations of an export of log records: the event `feature_flag.evaluation` of the conventions. */
export const LOGS: Signal<typeof LogRecordSchema> = {
  item: LogRecordSchema,
  members: ['resourceLogs', 'scopeLogs', 'logRecords'],
  read: readRecord,
};

function readRecord(told: Told, record: LogRecord, encoding: Encoding): void {
  told.items += 1;
  const attributes = attributesOf(record.attributes);
  const name = record.eventName || (textAt(attributes, 'event.name') ?? '');
  if (!EVENTS.includes(name)) return;
  const time = record.timeUnixNano || record.observedTimeUnixNano;
  const at = { traceId: idText(record.traceId, encoding), atMs: millisecondsOf(time) };
  readEvaluation(told, attributes, at);
}
