import type { Evolver } from './apply.ts';

/** It changes nothing but the position: what is left of the state stands as it is. */
export const lossAccepted: Evolver<'lossAccepted'> = () => undefined;
