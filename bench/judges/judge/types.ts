import type { Arrival, ArmSeen } from '../../../packages/control/src/rehearsal/virtual/arrival.ts';
import type { Scenario, World } from '../scenario/types.ts';

export type { Arrival, ArmSeen };

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
  readonly start: (setting: Setting) => JudgeRun;
}

export interface Setting {
  readonly scenario: Scenario;
  readonly seed: number;
  /** The truth. Only oracles look at it. */
  readonly world: World;
}

export interface JudgeRun {
  /** Called after every minute, with what was delivered in it. */
  readonly look: (seen: Seen) => Move;
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
