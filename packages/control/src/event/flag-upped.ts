import { type Evolver, hereOf, setHere } from './apply.ts';

/** The rollout stays paused: going on is another decision of a person. */
export const flagUpped: Evolver<'flagUpped'> = (state, event, position) => {
  const { downedAtMs: _over, ...here } = hereOf(state, event);
  setHere(state, event, { ...here, down: false, version: position });
};
