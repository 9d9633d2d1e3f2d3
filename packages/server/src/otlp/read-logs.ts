import type { ExportLogsServiceRequest } from '../generated/otlp_pb.ts';
import { attributesOf, millisecondsOf, textAt } from './attributes.ts';
import { type Encoding, idText } from './body.ts';
import { readEvaluation } from './read-evaluation.ts';
import { type Told, toldBy } from './told.ts';

const EVENTS = ['feature_flag.evaluation', 'feature_flag'];

/** Evaluations of an export of log records: the event `feature_flag.evaluation` of the conventions. */
export function readLogs(request: ExportLogsServiceRequest, encoding: Encoding): Told[] {
  return request.resourceLogs.map(({ resource, scopeLogs }) => {
    const told = toldBy(attributesOf(resource?.attributes ?? []));
    for (const record of scopeLogs.flatMap(({ logRecords }) => logRecords)) {
      told.items += 1;
      const attributes = attributesOf(record.attributes);
      const name = record.eventName || (textAt(attributes, 'event.name') ?? '');
      if (!EVENTS.includes(name)) continue;
      const time = record.timeUnixNano || record.observedTimeUnixNano;
      const at = { traceId: idText(record.traceId, encoding), atMs: millisecondsOf(time) };
      const evaluation = readEvaluation(attributes, at);
      if (evaluation) told.evaluations.push(evaluation);
    }
    return told;
  });
}
