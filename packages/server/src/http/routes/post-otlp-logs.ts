import { create } from '@bufbuild/protobuf';
import {
  ExportLogsServiceRequestSchema,
  ExportLogsServiceResponseSchema,
} from '../../generated/otlp_pb.ts';
import { writeBody } from '../../otlp/body.ts';
import { encodingOf, OTLP_LIMIT_BYTES, send } from '../../otlp/otlp-scope.ts';
import { readExport } from '../../otlp/read-export.ts';
import { readLogs } from '../../otlp/read-logs.ts';
import type { App } from '../app-types.ts';
import type { ServerContext } from '../context.ts';
import { scopeOf } from '../sdk-scope.ts';

/** OTLP/HTTP: takes an export of logs; what it answers is durable. */
export function postOtlpLogs(app: App, context: ServerContext): void {
  app.post(
    '/v1/logs',
    { config: { access: 'sdk' }, bodyLimit: OTLP_LIMIT_BYTES, schema: { hide: true } },
    async (request, reply) => {
      const encoding = encodingOf(request);
      const message = await readExport(ExportLogsServiceRequestSchema, request, context);
      const { rejected, message: errorMessage } = await context.otlp.take(
        scopeOf(request),
        readLogs(message, encoding),
      );
      const partialSuccess = { rejectedLogRecords: BigInt(rejected), errorMessage };
      const answer = create(
        ExportLogsServiceResponseSchema,
        rejected > 0 ? { partialSuccess } : {},
      );
      return send(reply, writeBody(ExportLogsServiceResponseSchema, answer, encoding), request);
    },
  );
}
