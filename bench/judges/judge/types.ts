import type {
  Arrival as CountedArrival,
  ArmSeen,
} from '../../../packages/control/src/rehearsal/virtual/arrival.ts';
import type { Scenario, World } from '../scenario/types.ts';
import type { Visits } from '../trace/types.ts';

export type { ArmSeen };

export interface Arrival extends CountedArrival {
  /** Where users are told apart: who they were. */
  readonly visits?: VisitsSeen;
}

/** The visits `first` to `end` - 1 of a trace, and how many of its slices were treated. */
export interface VisitsSeen {
  readonly of: Visits;
  readonly first: number;
  readonly end: number;
  readonly treatedSlices: number;
}

/** A way to judge rollouts. */
export interface Judge {
  readonly key: string;
  readonly label: string;
  /** Whether it measures before anyone is treated; others begin in the first stage. */
  readonly measuresFirst: boolean;
  /** Whether the last stage leaves 5 % in control. */
  readonly holdsBack?: boolean;
  /** Runs only where it is named: it answers one question. */
  readonly onDemand?: boolean;
  /** The judge whose way up it goes: `followed` is then what that one did. */
  readonly follows?: string;
  readonly start: (setting: Setting) => JudgeRun;
}

export interface Setting {
  readonly scenario: Scenario;
  readonly seed: number;
  /** The truth. Only oracles look at it. */
  readonly world: World;
  readonly followed?: readonly Decision[];
}

export interface JudgeRun {
  /** Called after every minute, with what was delivered in it. */
  readonly look: (seen: Seen) => Move;
  /** The owner takes the rollout back and starts the next attempt; without it the judge is started anew. */
  readonly startAgain?: (minute: number) => void;
}

/** `hold` stays, like `wait`, and says that something is wrong; after `over` the judge looks no more. */
export interface Move {
  readonly does: 'wait' | 'hold' | 'advance' | 'rollback' | 'complete' | 'over';
  readonly reason?: string;
}

export interface Seen {
  readonly minute: number;
  /** -1 while nobody is treated. */
  readonly stage: number;
  /** Telemetry of units that arrived in this minute, or of earlier ones that comes late or again. */
  readonly arrivals: readonly Arrival[];
}

export interface Decision {
  readonly minute: number;
  /** Stage in which it was taken. */
  readonly stage: number;
  readonly does: Move['does'];
  readonly reason?: string;
}
