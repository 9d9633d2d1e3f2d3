import type { CommandModule } from './types.ts';

/** Every command, in the order of the help. */
export const commands: readonly CommandModule[] = [];
