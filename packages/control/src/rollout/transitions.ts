import type { RolloutState, RolloutStatus } from './types.ts';

/**
 * Where a rollout stands, finer than its status: whether the first stage was entered decides what a
 * release or resume leads to, and the last stage completes.
 */
export type RolloutPosition =
  | 'none'
  | 'measuring'
  | 'running'
  | 'runningLast'
  | 'heldMeasuring'
  | 'held'
  | 'pausedMeasuring'
  | 'paused'
  | 'rolledBack'
  | 'completed'
  /** `ended`, its target still served to everyone: the watch is over. */
  | 'watchOver'
  /** `ended`, nothing served. */
  | 'ended';

/** Everything that may move a rollout, by the command's name. */
export type RolloutCommand =
  | 'startRollout'
  | 'advanceRollout'
  | 'holdRollout'
  | 'releaseRollout'
  | 'pauseRollout'
  | 'resumeRollout'
  | 'rollbackRollout'
  | 'completeRollout'
  | 'tightenRollout'
  | 'endWatch'
  | 'downFlag'
  | 'upFlag'
  | 'archiveFlag';

export type TransitionRefusal =
  | 'flag_rollout_running'
  | 'rollout_already_running'
  | 'rollout_held'
  | 'rollout_not_at_last_stage'
  | 'rollout_not_completed'
  | 'rollout_not_held'
  | 'rollout_not_paused'
  | 'rollout_not_running'
  | 'rollout_paused'
  | 'rollout_unknown';

/** The next status, a refusal by code, or nothing to do. `started` is a new attempt. */
export type Transition =
  | { readonly next: RolloutStatus | 'started' }
  | { readonly refused: TransitionRefusal }
  | { readonly unchanged: true };

const UNCHANGED: Transition = { unchanged: true };
const START: Transition = { next: 'started' };
const ALREADY: Transition = { refused: 'rollout_already_running' };
const NO_ROLLOUT: Transition = { refused: 'rollout_unknown' };
const NOT_RUNNING: Transition = { refused: 'rollout_not_running' };
const NOT_HELD: Transition = { refused: 'rollout_not_held' };
const NOT_PAUSED: Transition = { refused: 'rollout_not_paused' };
const NOT_LAST: Transition = { refused: 'rollout_not_at_last_stage' };
const NOT_COMPLETED: Transition = { refused: 'rollout_not_completed' };
const STILL_RUNNING: Transition = { refused: 'flag_rollout_running' };
const HELD: Transition = { refused: 'rollout_held' };
const PAUSED: Transition = { refused: 'rollout_paused' };

const MEASURING_NEXT: Transition = { next: 'measuring' };
const RUNNING: Transition = { next: 'running' };
const HOLD: Transition = { next: 'held' };
const PAUSE: Transition = { next: 'paused' };
const ROLL_BACK: Transition = { next: 'rolledBack' };
const COMPLETE: Transition = { next: 'completed' };
const END: Transition = { next: 'ended' };

const GOING_ON_STATUSES: readonly RolloutStatus[] = ['measuring', 'running', 'held', 'paused'];

type Row = Readonly<Record<RolloutCommand, Transition>>;

/** What every rollout that goes on answers alike. */
const GOING_ON = {
  startRollout: ALREADY,
  pauseRollout: PAUSE,
  rollbackRollout: ROLL_BACK,
  completeRollout: NOT_LAST,
  endWatch: NOT_COMPLETED,
  downFlag: PAUSE,
  upFlag: UNCHANGED,
  archiveFlag: STILL_RUNNING,
} as const satisfies Partial<Row>;

const ACTIVE: Row = {
  ...GOING_ON,
  advanceRollout: RUNNING,
  holdRollout: HOLD,
  releaseRollout: NOT_HELD,
  resumeRollout: NOT_PAUSED,
  tightenRollout: RUNNING,
};

const STOPPED = {
  advanceRollout: NOT_RUNNING,
  holdRollout: NOT_RUNNING,
  releaseRollout: NOT_HELD,
  resumeRollout: NOT_PAUSED,
  completeRollout: NOT_RUNNING,
  tightenRollout: NOT_RUNNING,
  pauseRollout: NOT_RUNNING,
  upFlag: UNCHANGED,
} as const satisfies Partial<Row>;

/** The complete table of SPEC.md: what each command does to a rollout in each position. */
export const TRANSITIONS: Readonly<Record<RolloutPosition, Row>> = {
  none: {
    startRollout: START,
    advanceRollout: NO_ROLLOUT,
    holdRollout: NO_ROLLOUT,
    releaseRollout: NO_ROLLOUT,
    pauseRollout: NO_ROLLOUT,
    resumeRollout: NO_ROLLOUT,
    rollbackRollout: NO_ROLLOUT,
    completeRollout: NO_ROLLOUT,
    tightenRollout: NO_ROLLOUT,
    endWatch: NO_ROLLOUT,
    downFlag: UNCHANGED,
    upFlag: UNCHANGED,
    archiveFlag: UNCHANGED,
  },
  measuring: { ...ACTIVE, tightenRollout: MEASURING_NEXT },
  running: ACTIVE,
  runningLast: { ...ACTIVE, advanceRollout: COMPLETE, completeRollout: COMPLETE },
  heldMeasuring: held(MEASURING_NEXT),
  held: held(RUNNING),
  pausedMeasuring: paused(MEASURING_NEXT),
  paused: paused(RUNNING),
  rolledBack: {
    ...STOPPED,
    startRollout: START,
    rollbackRollout: UNCHANGED,
    endWatch: NOT_COMPLETED,
    downFlag: UNCHANGED,
    archiveFlag: END,
  },
  completed: {
    ...STOPPED,
    startRollout: START,
    rollbackRollout: ROLL_BACK,
    endWatch: END,
    downFlag: PAUSE,
    archiveFlag: END,
  },
  watchOver: {
    ...STOPPED,
    startRollout: START,
    rollbackRollout: ROLL_BACK,
    endWatch: UNCHANGED,
    downFlag: UNCHANGED,
    archiveFlag: END,
  },
  ended: {
    ...STOPPED,
    startRollout: START,
    rollbackRollout: UNCHANGED,
    endWatch: NOT_COMPLETED,
    downFlag: UNCHANGED,
    archiveFlag: UNCHANGED,
  },
};

/** Where a rollout stands in the table. */
export function rolloutPosition(rollout: RolloutState | undefined): RolloutPosition {
  if (rollout === undefined) return 'none';
  const measuring = rollout.stage < 0;
  switch (rollout.status) {
    case 'running':
      return rollout.stage >= rollout.plan.stages.length - 1 ? 'runningLast' : 'running';
    case 'held':
      return measuring ? 'heldMeasuring' : 'held';
    case 'paused':
      return measuring ? 'pausedMeasuring' : 'paused';
    case 'ended':
      return rollout.allocations.length > 0 ? 'watchOver' : 'ended';
    default:
      return rollout.status;
  }
}

/** What a command does to a rollout. */
export function transition(rollout: RolloutState | undefined, command: RolloutCommand): Transition {
  return TRANSITIONS[rolloutPosition(rollout)][command];
}

/** True while a rollout goes on: it may still advance, by itself or by a person. */
export function goesOn(rollout: RolloutState | undefined): rollout is RolloutState {
  return rollout !== undefined && GOING_ON_STATUSES.includes(rollout.status);
}

/** True while a rollout serves its target to anybody, or is about to. */
export function isRaised(rollout: RolloutState | undefined): rollout is RolloutState {
  if (rollout === undefined) return false;
  if (goesOn(rollout)) return true;
  const position = rolloutPosition(rollout);
  return position === 'completed' || position === 'watchOver';
}

function held(released: Transition): Row {
  return {
    ...GOING_ON,
    advanceRollout: HELD,
    holdRollout: HOLD,
    releaseRollout: released,
    resumeRollout: NOT_PAUSED,
    completeRollout: HELD,
    tightenRollout: HOLD,
  };
}

function paused(resumed: Transition): Row {
  return {
    ...GOING_ON,
    advanceRollout: PAUSED,
    holdRollout: PAUSED,
    releaseRollout: NOT_HELD,
    pauseRollout: UNCHANGED,
    resumeRollout: resumed,
    completeRollout: PAUSED,
    tightenRollout: PAUSE,
    downFlag: UNCHANGED,
  };
}
