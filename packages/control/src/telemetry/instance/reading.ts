import type { Acknowledgement } from '@downhaul/engine';
import type { InstanceState } from './types.ts';

/** What an acknowledgement says of flags that cannot be read, and of a version that was refused. */
export function noteReading(
  instance: InstanceState,
  { unreadable = [], unreadableMore = 0, refused }: Acknowledgement,
  atMs: number,
): void {
  if (unreadable.length + unreadableMore === 0) delete instance.unreadable;
  else instance.unreadable = { flags: unreadable, more: unreadableMore };
  if (refused === undefined) delete instance.refused;
  else instance.refused = { ...refused, atMs };
}

/** The version that an instance refuses now: later than the one it uses, or of unknown number. */
export function refusedBy({ refused, acknowledged }: InstanceState): InstanceState['refused'] {
  const used = acknowledged.at(-1)?.version ?? -1;
  return refused?.version !== undefined && refused.version <= used ? undefined : refused;
}

/** Whether an instance may serve its code default for a flag, because it cannot read that. */
export function cannotRead({ unreadable }: InstanceState, flag: string): boolean {
  return unreadable !== undefined && (unreadable.more > 0 || unreadable.flags.includes(flag));
}
