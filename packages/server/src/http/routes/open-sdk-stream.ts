import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { stoppingRefusal } from '../../error/refusal.ts';
import type { HeldVersion } from '../../snapshots/feed.ts';
import type { App } from '../app-types.ts';
import { requireGrant } from '../authenticate.ts';
import type { ServerContext } from '../context.ts';
import { SdkHeaders, SdkQuery } from '../schema/telemetry.ts';
import { instanceOf, scopeOf } from '../sdk-scope.ts';

const Query = Type.Object({
  ...SdkQuery.properties,
  hash: Type.Optional(Type.String({ description: 'Content hash of the version held.' })),
});

const Headers = Type.Object({
  ...SdkHeaders.properties,
  'last-event-id': Type.Optional(Type.String({ description: 'The version held.' })),
});

/** Server-sent events: `hello`, then `snapshot` or `delta`, then each new version, and heartbeats. */
export function openSdkStream(app: App, context: ServerContext): void {
  app.get(
    '/sdk/stream',
    {
      config: { access: 'sdk' },
      schema: {
        summary: 'Follows the environment of the token as server-sent events.',
        operationId: 'openSdkStream',
        querystring: Query,
        headers: Headers,
        response: {
          200: {
            description: 'Events `hello`, `snapshot`, `delta` and `heartbeat`.',
            content: { 'text/event-stream': { schema: Type.String() } },
          },
        },
      },
    },
    async (request, reply) => {
      if (context.health.stopping) throw stoppingRefusal();
      const scope = scopeOf(request);
      const instance = instanceOf(request);
      context.admission.admit(scope, instance);
      const held = heldBy(request, request.query.hash);
      const response = takeOver(reply);
      context.streams.open({
        response,
        feed: context.snapshots.feedOf(scope),
        held,
        scope,
        instance,
        token: requireGrant(request).id,
      });
      return reply;
    },
  );
}

function heldBy(request: FastifyRequest, hash: string | undefined): HeldVersion | undefined {
  const version = Number(request.headers['last-event-id'] ?? NaN);
  return hash === undefined || !Number.isSafeInteger(version) ? undefined : { version, hash };
}

/** From here on the response is written to directly, not by the framework. */
function takeOver(reply: FastifyReply): FastifyReply['raw'] {
  reply.hijack();
  const { raw } = reply;
  raw.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
  return raw;
}
