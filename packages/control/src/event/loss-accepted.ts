import type { Evolver } from './apply.ts';

/** What is left of the state stands as it is; the positions that are gone are remembered. */
export const lossAccepted: Evolver<'lossAccepted'> = (state, { after, through }) => {
  if (through > after) state.losses = [...(state.losses ?? []), { after, through }];
};
