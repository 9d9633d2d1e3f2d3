import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { RequestScopes } from './request-scopes.ts';
import type { MiddlewareOptions } from './types.ts';

/** The part of fastify's request that a `context` can count on without fastify's own types. */
export interface FastifyRequestLike {
  readonly raw: IncomingMessage;
  readonly headers: IncomingHttpHeaders;
  readonly method: string;
  readonly url: string;
  readonly ip: string;
  readonly query: unknown;
  readonly params: unknown;
}

interface FastifyReplyLike {
  readonly raw: ServerResponse;
}

type Hook = (request: FastifyRequestLike, reply: FastifyReplyLike, done: () => void) => void;

/** What is used of a fastify instance. */
export interface FastifyLike {
  addHook(name: 'onRequest', hook: Hook): unknown;
}

/** A plugin for `app.register`. */
export type FastifyPlugin = (
  app: FastifyLike,
  options: MiddlewareOptions<FastifyRequestLike>,
  done: (error?: Error) => void,
) => void;

/** Makes a plugin that gives each request of the whole app a scope. */
export function fastifyPlugin(scopes: RequestScopes): FastifyPlugin {
  const plugin: FastifyPlugin = (app, options, done) => {
    app.addHook('onRequest', (request, reply, next) => {
      const input = { incoming: request.raw, response: reply.raw, request };
      scopes.enter(scopes.open(input, options), next);
    });
    done();
  };
  // Fastify's marks: the hooks are for the app that registers the plugin, not for a child of its own.
  return Object.assign(plugin, {
    [Symbol.for('skip-override')]: true,
    [Symbol.for('fastify.display-name')]: 'downhaul',
  });
}
