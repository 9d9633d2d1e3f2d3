import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { TokenGrant } from '@downhaul/control';
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify';
import type { Access } from '../auth/access.ts';

export type App = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may use the route. */
    access?: Access;
    /** Of the way down, which nothing may deny: its body is read as leniently as can be. */
    isWayDown?: true;
  }
  interface FastifyRequest {
    /** What the request's token grants; undefined on public routes. */
    grant: TokenGrant | undefined;
  }
}
