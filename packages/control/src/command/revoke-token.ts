import { domainError } from '../error/domain-error.ts';
import { changed, type Decider, refused } from './decision.ts';

export const revokeToken: Decider<'revokeToken'> = (state, command, context) => {
  const { token } = command;
  if (!state.tokens.has(token)) {
    return refused(domainError('token_unknown', { token }, { path: '/token' }));
  }
  const payload = { type: 'tokenRevoked', token } as const;
  return changed({ state, command, context }, [{ payload }], { token });
};
