import type { TokenGrant } from '@downhaul/control';
import type { FastifyRequest } from 'fastify';
import { type Asked, authorise } from '../auth/access.ts';
import { findGrant } from '../auth/token.ts';
import type { Connections } from '../connections/connections.ts';
import { refusal } from '../error/refusal.ts';
import type { App } from './app-types.ts';

/** Other replicas may have room, and connections end. */
const RETRY_AFTER_SECONDS = 10;

/** Checks the token of every request against what its route states, before the body is read. */
export function authenticate(
  app: App,
  tokens: () => ReadonlyMap<string, TokenGrant>,
  connections: Pick<Connections, 'admit'>,
): void {
  app.decorateRequest('grant', undefined);
  app.addHook('onRoute', ({ config, url }) => {
    if (config?.access === undefined) throw new Error(`${url} does not state who may use it`);
  });
  app.addHook('onRequest', async (request, reply) => {
    const access = request.routeOptions.config.access ?? 'public';
    if (access === 'public') return;
    const grant = grantOf(request, tokens());
    authorise(grant, { access, ...placeOf(request, access) });
    if (!connections.admit(request.raw.socket, grant.kind === 'sdk' ? 'sdk' : 'other')) {
      void reply.header('connection', 'close');
      throw refusal('connections_full', {}, { retryAfterSeconds: RETRY_AFTER_SECONDS });
    }
    request.grant = grant;
  });
}

/** The grant of a request on a route that is not public. */
export function requireGrant(request: FastifyRequest): TokenGrant {
  if (!request.grant) throw refusal('token_missing');
  return request.grant;
}

function grantOf(request: FastifyRequest, tokens: ReadonlyMap<string, TokenGrant>): TokenGrant {
  const { authorization } = request.headers;
  if (authorization === undefined) throw refusal('token_missing');
  const [scheme = '', token = ''] = authorization.split(' ');
  const grant = scheme.toLowerCase() === 'bearer' ? findGrant(tokens, token) : undefined;
  if (!grant) throw refusal('token_invalid');
  return grant;
}

interface Place {
  readonly project: string | undefined;
  readonly environment: string | undefined;
}

/**
 * The project and environment a request is about: what the path names. Only the routes of SDKs name them
 * in the query; elsewhere nothing reads it there, so it must not speak for the place either.
 */
function placeOf({ params, query }: FastifyRequest, access: Asked['access']): Place {
  const named = (access === 'sdk' ? query : params) as Readonly<Record<string, unknown>>;
  const text = (value: unknown): string | undefined =>
    typeof value === 'string' ? value : undefined;
  return { project: text(named['project']), environment: text(named['environment']) };
}
