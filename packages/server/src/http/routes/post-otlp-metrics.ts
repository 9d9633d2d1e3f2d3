import { create } from '@bufbuild/protobuf';
import { ExportMetricsServiceResponseSchema } from '../../generated/otlp_pb.ts';
import { writeBody } from '../../otlp/body.ts';
import { encodingOf, OTLP_LIMIT_BYTES, receivedOf, send } from '../../otlp/otlp-scope.ts';
import { METRICS } from '../../otlp/read-metrics.ts';
import type { App } from '../app-types.ts';
import type { ServerContext } from '../context.ts';
import { scopeOf } from '../sdk-scope.ts';

/** OTLP/HTTP: takes an export of metrics; what it answers is durable. */
export function postOtlpMetrics(app: App, { otlp }: ServerContext): void {
  app.post(
    '/v1/metrics',
    { config: { access: 'sdk' }, bodyLimit: OTLP_LIMIT_BYTES, schema: { hide: true } },
    async (request, reply) => {
      const { rejected, message } = await otlp.take(scopeOf(request), METRICS, receivedOf(request));
      const partialSuccess = { rejectedDataPoints: BigInt(rejected), errorMessage: message };
      const schema = ExportMetricsServiceResponseSchema;
      const answer = create(schema, message !== '' ? { partialSuccess } : {});
      return send(reply, writeBody(schema, answer, encodingOf(request)), request);
    },
  );
}
