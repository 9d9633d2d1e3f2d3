import type { App } from '../app-types.ts';
import type { ServerContext } from '../context.ts';
import { answers } from '../responses.ts';
import { Document } from '../schema/common.ts';
import { SdkHeaders, SdkQuery } from '../schema/telemetry.ts';
import { instanceOf, scopeOf } from '../sdk-scope.ts';
import { sendSnapshot } from '../send-snapshot.ts';

export function getSdkSnapshot(app: App, context: ServerContext): void {
  app.get(
    '/sdk/snapshot',
    {
      config: { access: 'sdk' },
      schema: {
        summary: 'The present snapshot of the environment of the token.',
        operationId: 'getSdkSnapshot',
        querystring: SdkQuery,
        headers: SdkHeaders,
        response: answers(Document('A snapshot.')),
      },
    },
    async (request, reply) => {
      const scope = scopeOf(request);
      const instance = instanceOf(request);
      context.admission.admit(scope, instance);
      const feed = context.snapshots.feedOf(scope);
      const poll = { scope, instance, version: feed.version };
      // Fetched is what was handed over whole, not what was asked for.
      reply.raw.once('finish', () => context.polls.note(poll));
      return sendSnapshot(request, reply, feed);
    },
  );
}
