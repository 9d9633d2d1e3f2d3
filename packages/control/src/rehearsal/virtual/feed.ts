import type { RolloutState } from '../../rollout/types.ts';
import type { Arrival } from './arrival.ts';

/** How telemetry reaches the fold of the product. */
export interface Feed {
  /** The report of a minute. One that was received before is known by its number. */
  readonly receive: (arrival: Arrival, rollout: RolloutState, nowMs: number) => void;
  /** Closes the batches that are due. */
  readonly close: (rollout: RolloutState, nowMs: number) => void;
}
