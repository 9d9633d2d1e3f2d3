import { changed, type Decider } from './decision.ts';

/** Binds a written state to the chain. It changes nothing that anybody is served. */
export const recordState: Decider<'recordState'> = (state, command, context) => {
  const { of, through, stateHash } = command;
  const payload = { type: 'stateRecorded', of, through, stateHash } as const;
  return changed({ state, command, context }, [{ payload }]);
};
