import type { Evolver } from './apply.ts';

/** Instances live in telemetry; the log keeps who declared those of a token gone. */
export const tokenRetired: Evolver<'tokenRetired'> = () => undefined;
