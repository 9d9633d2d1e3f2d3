import type { TelemetryScope } from '@downhaul/control';
import type { FastifyRequest } from 'fastify';
import { refusal } from '../error/refusal.ts';
import { requireGrant } from './authenticate.ts';

/** What an SDK token is bound to. Its issue is refused without any of the three. */
export function scopeOf(request: FastifyRequest): TelemetryScope {
  const { id: token, project, environment, service } = requireGrant(request);
  if (project === undefined || environment === undefined || service === undefined) {
    throw new Error('an SDK token without a scope');
  }
  return { project, environment, service, token };
}

/** The instance that sends the request; where the body names one, it must be the same. */
export function instanceOf(request: FastifyRequest, inBody?: string): string {
  const header = request.headers['downhaul-instance'];
  const valid = typeof header === 'string' && /^[\x21-\x7e]{1,200}$/.test(header);
  if (!valid || (inBody !== undefined && inBody !== header)) throw refusal('instance_missing');
  return header;
}
