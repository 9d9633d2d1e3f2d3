import { create } from '@bufbuild/protobuf';
import { ExportTraceServiceResponseSchema } from '../../generated/otlp_pb.ts';
import { writeBody } from '../../otlp/body.ts';
import { encodingOf, OTLP_LIMIT_BYTES, receivedOf, send } from '../../otlp/otlp-scope.ts';
import { TRACES } from '../../otlp/read-spans.ts';
import type { App } from '../app-types.ts';
import type { ServerContext } from '../context.ts';
import { scopeOf } from '../sdk-scope.ts';

/** OTLP/HTTP: takes an export of traces; what it answers is durable. */
export function postOtlpTraces(app: App, { otlp }: ServerContext): void {
  app.post(
    '/v1/traces',
    { config: { access: 'sdk' }, bodyLimit: OTLP_LIMIT_BYTES, schema: { hide: true } },
    async (request, reply) => {
      const { rejected, message } = await otlp.take(scopeOf(request), TRACES, receivedOf(request));
      const partialSuccess = { rejectedSpans: BigInt(rejected), errorMessage: message };
      const schema = ExportTraceServiceResponseSchema;
      const answer = create(schema, message !== '' ? { partialSuccess } : {});
      return send(reply, writeBody(schema, answer, encodingOf(request)), request);
    },
  );
}
