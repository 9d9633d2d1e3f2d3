import { domainError } from '../error/domain-error.ts';
import type { DomainError } from '../error/types.ts';
import type { ControlState } from '../state/types.ts';
import { changed, type Decider, refused } from './decision.ts';
import type { TokenGrant } from './types.ts';

export const issueToken: Decider<'issueToken'> = (state, command, context) => {
  const { token } = command;
  const problem = problemOf(state, token);
  if (problem !== undefined) return refused(problem);
  const payload = { type: 'tokenIssued', token } as const;
  return changed({ state, command, context }, [{ payload }], { token: token.id });
};

function problemOf(state: ControlState, token: TokenGrant): DomainError | undefined {
  const facts = { token: token.id };
  if (state.tokens.has(token.id)) return domainError('token_exists', facts, { path: '/token/id' });
  if (!/^[0-9a-f]{64}$/.test(token.hash)) {
    return domainError('token_hash_invalid', facts, { path: '/token/hash' });
  }
  return missingScope(token) ?? unknownScope(state, token);
}

function missingScope(token: TokenGrant): DomainError | undefined {
  if (token.kind !== 'sdk') return undefined;
  const missing = (['project', 'environment', 'service'] as const).filter(
    (name) => token[name] === undefined,
  );
  if (missing.length === 0) return undefined;
  const facts = { token: token.id, missing: missing.join(', ') };
  return domainError('token_scope', facts, { path: '/token' });
}

function unknownScope(
  state: ControlState,
  { project, environment }: TokenGrant,
): DomainError | undefined {
  if (project === undefined) return undefined;
  const known = state.projects.get(project);
  if (known === undefined)
    return domainError('project_unknown', { project }, { path: '/token/project' });
  if (environment === undefined || known.environments.has(environment)) return undefined;
  return domainError(
    'environment_unknown',
    { project, environment },
    { path: '/token/environment' },
  );
}
