import type { Evolver } from './apply.ts';

export const tokenRevoked: Evolver<'tokenRevoked'> = (state, { token }) => {
  state.tokens.delete(token);
};
