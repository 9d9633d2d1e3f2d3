import type { ToldRequest } from '@downhaul/control';
import { type Span, SpanSchema } from '../generated/otlp_pb.ts';
import { type Attributes, attributesOf, millisecondsOf, wholeAt } from './attributes.ts';
import { type Encoding, idText } from './body.ts';
import { readEvaluation } from './read-evaluation.ts';
import type { Signal } from './signal.ts';
import type { Told } from './told.ts';

const SERVER = 2;
const CONSUMER = 5;
const STATUS_ERROR = 2;
const FAILED_FROM = 500;

/**
 * Requests and evaluations of an export of spans. A request is a span of kind SERVER or CONSUMER, or one
 * without a parent. It failed with a status of error or an HTTP status of 500 and above. Evaluations are
 * attributes or events of any span.
 */
export const TRACES: Signal<typeof SpanSchema> = {
  item: SpanSchema,
  members: ['resourceSpans', 'scopeSpans', 'spans'],
  read: readSpan,
};

function readSpan(told: Told, span: Span, encoding: Encoding): void {
  told.items += 1;
  const traceId = idText(span.traceId, encoding);
  if (traceId === '') return;
  const attributes = attributesOf(span.attributes);
  const startMs = millisecondsOf(span.startTimeUnixNano);
  readEvaluation(told, attributes, { traceId, atMs: startMs });
  for (const event of span.events) {
    const at = { traceId, atMs: millisecondsOf(event.timeUnixNano) };
    readEvaluation(told, attributesOf(event.attributes), at);
  }
  // One without an end is under way still.
  if (isRequest(span) && span.endTimeUnixNano > 0n)
    told.requests.push(requestOf(span, attributes, { traceId, encoding }));
}

function isRequest({ kind, parentSpanId }: Span): boolean {
  return kind === SERVER || kind === CONSUMER || parentSpanId.length === 0;
}

function requestOf(
  span: Span,
  attributes: Attributes,
  { traceId, encoding }: { readonly traceId: string; readonly encoding: Encoding },
): ToldRequest {
  const status = wholeAt(attributes, 'http.response.status_code', 'http.status_code');
  const durationNs = span.endTimeUnixNano - span.startTimeUnixNano;
  return {
    traceId,
    spanId: idText(span.spanId, encoding),
    endMs: millisecondsOf(span.endTimeUnixNano),
    durationMs: Math.max(0, Number(durationNs) / 1_000_000),
    failed: span.status?.code === STATUS_ERROR || (status ?? 0) >= FAILED_FROM,
  };
}
