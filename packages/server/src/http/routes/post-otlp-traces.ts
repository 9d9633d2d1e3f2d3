import { create } from '@bufbuild/protobuf';
import {
  ExportTraceServiceRequestSchema,
  ExportTraceServiceResponseSchema,
} from '../../generated/otlp_pb.ts';
import { writeBody } from '../../otlp/body.ts';
import { encodingOf, OTLP_LIMIT_BYTES, send } from '../../otlp/otlp-scope.ts';
import { readExport } from '../../otlp/read-export.ts';
import { readSpans } from '../../otlp/read-spans.ts';
import type { App } from '../app-types.ts';
import type { ServerContext } from '../context.ts';
import { scopeOf } from '../sdk-scope.ts';

/** OTLP/HTTP: takes an export of traces; what it answers is durable. */
export function postOtlpTraces(app: App, context: ServerContext): void {
  app.post(
    '/v1/traces',
    { config: { access: 'sdk' }, bodyLimit: OTLP_LIMIT_BYTES, schema: { hide: true } },
    async (request, reply) => {
      const encoding = encodingOf(request);
      const message = await readExport(ExportTraceServiceRequestSchema, request, context);
      const { rejected, message: errorMessage } = await context.otlp.take(
        scopeOf(request),
        readSpans(message, encoding),
      );
      const partialSuccess = { rejectedSpans: BigInt(rejected), errorMessage };
      const answer = create(
        ExportTraceServiceResponseSchema,
        rejected > 0 ? { partialSuccess } : {},
      );
      return send(reply, writeBody(ExportTraceServiceResponseSchema, answer, encoding), request);
    },
  );
}
