import type { ToldLoss } from '../losses/types.ts';

/** Why an item counts nowhere. */
export type DropCause =
  | 'future'
  | 'rollout_unknown'
  | 'flag_unknown'
  | 'arm_impossible'
  | 'arm_contradicting'
  | 'version_unknown';

/** Counts what is dropped of a report. */
export interface DropTally {
  /** `rollout`: the id of a measured one, or empty. */
  drop(cause: DropCause, rollout: string): void;
  losses(): readonly ToldLoss[];
  byCause(): Readonly<Partial<Record<DropCause, number>>>;
}

export function createDropTally(): DropTally {
  const losses = new Map<string, ToldLoss & { readonly cause: DropCause }>();
  return {
    drop: (cause, rollout) => {
      const key = `${cause} ${rollout}`;
      const items = (losses.get(key)?.items ?? 0) + 1;
      losses.set(key, { rollout, cause, items });
    },
    losses: () => [...losses.values()],
    byCause: () => {
      const dropped: Partial<Record<DropCause, number>> = {};
      for (const { cause, items } of losses.values())
        dropped[cause] = (dropped[cause] ?? 0) + items;
      return dropped;
    },
  };
}
