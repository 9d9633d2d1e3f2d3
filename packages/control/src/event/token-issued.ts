import type { Evolver } from './apply.ts';

export const tokenIssued: Evolver<'tokenIssued'> = (state, { token }) => {
  state.tokens.set(token.id, token);
};
