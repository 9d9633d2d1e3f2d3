import { overlayState } from '../state/overlay-state.ts';
import type { ControlState } from '../state/types.ts';
import { evolve } from './evolve.ts';
import type { EventBody } from './types.ts';

/** What the state would be after these events; the state itself stays as it is. */
export function stateAfter(state: ControlState, events: readonly EventBody[]): ControlState {
  const after = overlayState(state);
  for (const body of events) {
    evolve(after, { position: after.position + 1, previousHash: '', hash: '', body });
  }
  return after;
}
