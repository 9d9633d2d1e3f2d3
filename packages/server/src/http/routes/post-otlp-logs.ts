import { create } from '@bufbuild/protobuf';
import { ExportLogsServiceResponseSchema } from '../../generated/otlp_pb.ts';
import { writeBody } from '../../otlp/body.ts';
import { encodingOf, OTLP_LIMIT_BYTES, receivedOf, send } from '../../otlp/otlp-scope.ts';
import { LOGS } from '../../otlp/read-logs.ts';
import type { App } from '../app-types.ts';
import type { ServerContext } from '../context.ts';
import { scopeOf } from '../sdk-scope.ts';

/** OTLP/HTTP: takes an export of logs; what it answers is durable. */
export function postOtlpLogs(app: App, { otlp }: ServerContext): void {
  app.post(
    '/v1/logs',
    { config: { access: 'sdk' }, bodyLimit: OTLP_LIMIT_BYTES, schema: { hide: true } },
    async (request, reply) => {
      const { rejected, message } = await otlp.take(scopeOf(request), LOGS, receivedOf(request));
      const partialSuccess = { rejectedLogRecords: BigInt(rejected), errorMessage: message };
      const schema = ExportLogsServiceResponseSchema;
      const answer = create(schema, message !== '' ? { partialSuccess } : {});
      return send(reply, writeBody(schema, answer, encodingOf(request)), request);
    },
  );
}
