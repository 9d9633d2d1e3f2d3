import type { Actor, TokenGrant } from '@downhaul/control';
import { refusal } from '../error/refusal.ts';

/**
 * Who may use a route: everybody, holders of a right, or SDKs. Every route states one; there is no
 * default. `rollback` and `down` state `view`: nobody who may look is kept from bringing a flag down.
 */
export type Access = 'public' | 'view' | 'change' | 'admin' | 'sdk';

export interface Asked {
  readonly access: Exclude<Access, 'public'>;
  readonly project: string | undefined;
  readonly environment: string | undefined;
}

/** Refuses unless the token has the right, and is for the project and environment asked about. */
export function authorise(grant: TokenGrant, asked: Asked): void {
  if ((grant.kind === 'sdk') !== (asked.access === 'sdk')) {
    throw refusal('token_kind_refused', { kind: grant.kind });
  }
  if (asked.access !== 'sdk' && !rightsOf(grant).has(asked.access)) {
    throw refusal('token_right_missing', { token: grant.name, right: asked.access });
  }
  refuseOtherScope(grant, asked);
}

/** Who acts with a token: the token by its id, which no other ever has; its name is for people. */
export function actorOf(grant: TokenGrant): Required<Actor> {
  const { id, name } = grant;
  return { kind: grant.kind === 'service' ? 'service' : 'person', id, name };
}

function rightsOf(grant: TokenGrant): ReadonlySet<string> {
  if (grant.kind === 'admin' || grant.rights.includes('admin')) {
    return new Set(['view', 'change', 'admin']);
  }
  if (grant.rights.includes('change')) return new Set(['view', 'change']);
  return new Set(grant.rights);
}

/**
 * A token of one environment may read what stands above environments, as far as it is not about another
 * (routes leave that out), but not change it.
 */
export function refuseOtherScope(grant: TokenGrant, asked: Asked): void {
  const outsideProject = grant.project !== undefined && differs(grant.project, asked, 'project');
  const outsideEnvironment =
    grant.environment !== undefined && differs(grant.environment, asked, 'environment');
  if (!outsideProject && !outsideEnvironment) return;
  const place = (...keys: readonly (string | undefined)[]): string =>
    keys.filter((key) => key !== undefined).join('/') || 'the whole server';
  throw refusal('token_scope_mismatch', {
    token: grant.name,
    bound: place(grant.project, grant.environment),
    asked: place(asked.project, asked.environment),
  });
}

function differs(bound: string, asked: Asked, part: 'project' | 'environment'): boolean {
  const value = asked[part];
  if (value !== undefined) return value !== bound;
  return asked.access === 'change' || asked.access === 'admin';
}
