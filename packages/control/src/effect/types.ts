import type { Side } from './side.ts';

/**
 * What a change does to the units that a flag serves in an environment, measured by values: `raises` gives
 * somebody a value above safe that they did not have, `lowers` takes one away, `leaves` takes the flag out
 * of the environment, so that callers get their code default.
 */
export interface Effect {
  readonly environment: string;
  readonly flag: string;
  readonly does: 'raises' | 'lowers' | 'leaves';
  readonly units: Units;
  /** Place below the document of the flag that was changed, as a JSON pointer; '' where it is another's. */
  readonly place: string;
  /** True where `lowers` takes ordinary units out of the treatment of the flag's rollout. */
  readonly fromRollout: boolean;
}

/**
 * Which units: all ordinary ones (whom no condition names), a part of them by a split or share, those whom a
 * condition describes (by a text, a range, a version), or those whom one names (by values).
 */
export type Units = 'everyone' | 'part' | 'described' | 'named';

/** An effect on a flag that is known. */
export type Found = Omit<Effect, 'environment' | 'flag'>;

/** One flag in one environment, before and after a change. */
export interface Seen {
  readonly key: string;
  readonly environment: string;
  readonly before: Side;
  readonly after: Side;
  /** False for a flag that only depends on what changes. */
  readonly isTouched: boolean;
  readonly units: 'ordinary' | 'all';
}
