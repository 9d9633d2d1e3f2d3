import type { FlagEnvironmentState } from '../state/types.ts';
import { type Evolver, hereOf, setHere } from './apply.ts';

/** The rollout stays paused: going on is another decision of a person. */
export const flagUpped: Evolver<'flagUpped'> = (state, event, position) => {
  setHere(state, event, { ...withoutDown(hereOf(state, event)), down: false, version: position });
};

function withoutDown({ downedAtMs: _over, ...here }: FlagEnvironmentState): FlagEnvironmentState {
  return here;
}
