import { type Snapshot, unitHash } from '@downhaul/engine';

/** A report without items; tests add what they need. */
export function emptyReport(changes: Readonly<Record<string, unknown>> = {}) {
  return {
    instance: 'i1',
    sequence: 1,
    sentAtMs: Date.now(),
    version: 1,
    exposures: [],
    outcomes: [],
    activity: [],
    dropped: { exposures: 0, outcomes: 0 },
    ...changes,
  };
}

/** The exposure of a unit to the rollout that a snapshot serves of `new-checkout`. */
export function exposureOf(
  snapshot: Snapshot,
  unit: string,
  changes: Readonly<Record<string, unknown>> = {},
) {
  const rollout = snapshot.flags['new-checkout']?.rollout;
  if (!rollout) throw new Error('there is no rollout');
  return {
    flag: 'new-checkout',
    rollout: rollout.id,
    stage: rollout.stage,
    allocation: 0,
    arm: 'control',
    served: true,
    version: snapshot.version,
    unit: unitHash(snapshot.unitSalt, unit),
    atMs: Date.now(),
    ...changes,
  };
}
