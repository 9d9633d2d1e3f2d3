import type { ControlState } from './types.ts';

/**
 * Whether the log has a position: one ahead of it is of a log that a restore took back, one in a gap was lost. What an
 * instance says of such a version proves nothing.
 */
export function hasVersion(
  { position, losses = [] }: Pick<ControlState, 'position' | 'losses'>,
  version: number,
): boolean {
  if (version > position) return false;
  return losses.every(({ after, through }) => version <= after || version > through);
}
