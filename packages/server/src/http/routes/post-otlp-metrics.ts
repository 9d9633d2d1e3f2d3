import { create } from '@bufbuild/protobuf';
import {
  ExportMetricsServiceRequestSchema,
  ExportMetricsServiceResponseSchema,
} from '../../generated/otlp_pb.ts';
import { writeBody } from '../../otlp/body.ts';
import { encodingOf, OTLP_LIMIT_BYTES, send } from '../../otlp/otlp-scope.ts';
import { readExport } from '../../otlp/read-export.ts';
import { readMetrics } from '../../otlp/read-metrics.ts';
import type { App } from '../app-types.ts';
import type { ServerContext } from '../context.ts';
import { scopeOf } from '../sdk-scope.ts';

/** OTLP/HTTP: takes an export of metrics; what it answers is durable. */
export function postOtlpMetrics(app: App, context: ServerContext): void {
  app.post(
    '/v1/metrics',
    { config: { access: 'sdk' }, bodyLimit: OTLP_LIMIT_BYTES, schema: { hide: true } },
    async (request, reply) => {
      const encoding = encodingOf(request);
      const message = await readExport(ExportMetricsServiceRequestSchema, request, context);
      const { rejected, message: errorMessage } = await context.otlp.take(
        scopeOf(request),
        readMetrics(message),
      );
      const partialSuccess = { rejectedDataPoints: BigInt(rejected), errorMessage };
      const answer = create(
        ExportMetricsServiceResponseSchema,
        rejected > 0 ? { partialSuccess } : {},
      );
      return send(reply, writeBody(ExportMetricsServiceResponseSchema, answer, encoding), request);
    },
  );
}
