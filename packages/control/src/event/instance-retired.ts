import type { Evolver } from './apply.ts';

/** Instances live in telemetry; the log keeps who declared one gone. */
export const instanceRetired: Evolver<'instanceRetired'> = () => undefined;
