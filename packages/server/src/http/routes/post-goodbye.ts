import type { App } from '../app-types.ts';
import type { ServerContext } from '../context.ts';
import { noContent } from '../responses.ts';
import { GoodbyeSchema, SdkHeaders, SdkQuery } from '../schema/telemetry.ts';
import { instanceOf, scopeOf } from '../sdk-scope.ts';

export function postGoodbye(app: App, { intake, polls }: ServerContext): void {
  app.post(
    '/sdk/goodbyes',
    {
      config: { access: 'sdk' },
      schema: {
        summary: 'Takes word that an instance is about to end.',
        operationId: 'postGoodbye',
        querystring: SdkQuery,
        headers: SdkHeaders,
        body: GoodbyeSchema,
        response: noContent('Taken, and durable.'),
      },
    },
    async (request, reply) => {
      const scope = scopeOf(request);
      const instance = instanceOf(request, request.body.instance);
      polls.forget({ scope, instance });
      await intake.submit({ body: { type: 'goodbye', scope, goodbye: request.body } });
      return reply.code(204).send();
    },
  );
}
