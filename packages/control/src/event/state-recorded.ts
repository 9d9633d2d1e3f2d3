import type { Evolver } from './apply.ts';

/** A cache of this state names itself in the log; one of telemetry has no other place where it is named. */
export const stateRecorded: Evolver<'stateRecorded'> = (state, { of, through, stateHash }) => {
  if (of === 'telemetry') state.telemetry = { through, stateHash };
};
