import type { ExposureItem } from '@downhaul/engine';
import type { RolloutState } from '../../rollout/types.ts';
import { couldAssign, entryAt } from '../rollout/history.ts';
import { environmentKey, type TelemetryState } from '../state.ts';

/** What must be known of rollouts to judge a report's items. */
export interface RolloutLookup {
  /** The measured rollout with this id. */
  rolloutAt(rolloutId: string): Pick<RolloutState, 'project' | 'environment' | 'flag'> | undefined;
  /** Whether the item's snapshot version could give a unit of its stratum the arm. */
  couldAssign(item: ExposureItem): boolean;
  /** Whether a rollout of the flag is measured there. */
  measuresFlag(
    place: { readonly project: string; readonly environment: string },
    flag: string,
  ): boolean;
}

/**
 * The lookup that the fold itself knows, from its `rolloutChanged` rows: each keeps the stage and the
 * shares in force from its log position on, which is the version of the snapshot that shows them.
 */
export function rolloutLookup(state: TelemetryState): RolloutLookup {
  return {
    rolloutAt: (rolloutId) => state.rollouts.get(rolloutId)?.rollout,
    couldAssign: (item) => {
      const entry = entryAt(state.rollouts.get(item.rollout)?.history ?? [], item.version);
      return entry !== undefined && couldAssign(entry, item);
    },
    measuresFlag: (place, flag) => {
      const measured = state.environments.get(environmentKey(place))?.measured ?? [];
      return measured.some((id) => state.rollouts.get(id)?.rollout.flag === flag);
    },
  };
}
