import { environmentKey, type TelemetryState } from '../state.ts';
import type { Loss } from './types.ts';

/**
 * What was lost of a rollout since it started, and in its environment of no rollout in particular: the largest first.
 * Of the latter the count may begin earlier: `sinceMs` says when.
 */
export function lossesOf(
  state: TelemetryState,
  rollout: {
    readonly id: string;
    readonly project: string;
    readonly environment: string;
    readonly startedAtMs: number;
  },
): readonly Loss[] {
  const losses = state.environments.get(environmentKey(rollout))?.losses.values() ?? [];
  return [...losses]
    .filter((loss) => loss.rollout === rollout.id || loss.rollout === '')
    .filter(({ lastAtMs }) => lastAtMs >= rollout.startedAtMs)
    .sort((one, other) => other.items - one.items);
}
