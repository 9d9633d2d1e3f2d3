import type { Cause } from '@downhaul/control';
import type { FastifyRequest } from 'fastify';
import { actorOf } from '../auth/access.ts';
import { requireGrant } from './authenticate.ts';

/** The cause of what somebody did by hand (`rolled it back`): `by_person`, and who. Why stands in the justification. */
export function causeBy(request: FastifyRequest, did: string): Cause {
  const { kind, name } = actorOf(requireGrant(request));
  return { code: `by_${kind}`, text: `The ${kind} ${name} ${did}.` };
}
