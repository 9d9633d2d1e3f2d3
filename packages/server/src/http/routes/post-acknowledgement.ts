import { hasVersion } from '@downhaul/control';
import { refusal } from '../../error/refusal.ts';
import type { App } from '../app-types.ts';
import type { ServerContext } from '../context.ts';
import { noContent } from '../responses.ts';
import { AcknowledgementSchema, SdkHeaders, SdkQuery } from '../schema/telemetry.ts';
import { instanceOf, scopeOf } from '../sdk-scope.ts';

export function postAcknowledgement(app: App, { intake, log, admission }: ServerContext): void {
  app.post(
    '/sdk/acknowledgements',
    {
      config: { access: 'sdk' },
      schema: {
        summary: 'Takes word that an instance uses a version.',
        operationId: 'postAcknowledgement',
        querystring: SdkQuery,
        headers: SdkHeaders,
        body: AcknowledgementSchema,
        response: noContent('Taken, and durable.'),
      },
    },
    async (request, reply) => {
      const scope = scopeOf(request);
      admission.admit(scope, instanceOf(request, request.body.instance));
      const { version } = request.body;
      // Of a log that a restore took back: it would prove rollbacks that are yet to come.
      if (!hasVersion(log.state, version)) {
        const facts = { version, environment: scope.environment };
        throw refusal('version_unknown', facts, { path: '/version' });
      }
      await intake.submit({
        body: { type: 'acknowledgement', scope, acknowledgement: request.body },
      });
      return reply.code(204).send();
    },
  );
}
