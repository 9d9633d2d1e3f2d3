import type { CommandBody } from '../command/types.ts';
import type { Evidence } from '../evidence/types.ts';
import type { FoldFault } from '../telemetry/fault/types.ts';
import type { RolloutState } from '../rollout/types.ts';

/** All that a decision may depend on. `nowMs` is the store's clock and is recorded with the decision. */
export interface ControllerInput {
  readonly rollout: RolloutState;
  readonly flagDown: boolean;
  /** Absent while the intake has not named the rollout. */
  readonly evidence?: Evidence;
  /** What of the rollout's telemetry could not be folded; absent where everything could. */
  readonly fault?: FoldFault;
  readonly nowMs: number;
  /** Whether `requires` and gates allow a step up; asked only before one. */
  readonly readiness?: { readonly ok: boolean; readonly cause: string };
}

/** Names of the steps in the order in which they are tried. */
export type StepName =
  | 'settled'
  | 'harm'
  | 'fault'
  | 'shared'
  | 'wholeStage'
  | 'watchAlarm'
  | 'budget'
  | 'oneSided'
  | 'signalHarm'
  | 'flagDown'
  | 'hold'
  | 'release'
  | 'paused'
  | 'watch'
  | 'measure'
  | 'advance'
  | 'complete'
  | 'tooLong'
  | 'wait';

export interface ControllerStep {
  readonly step: StepName;
  /** What the controller does; absent when it waits. */
  readonly command?: CommandBody;
  readonly waitsFor?: WaitsFor;
  /** What the evidence says, in plain words: made when it is first read. */
  readonly sentences: readonly string[];
}

export interface WaitsFor {
  readonly code: string;
  readonly text: string;
  /** How much is still missing, where it can be told. */
  readonly remaining?: { readonly units: number } | { readonly ms: number };
}

/** One step: what it does, or undefined to let the next one look. */
export type Step = (input: ControllerInput) => Omit<ControllerStep, 'sentences'> | undefined;
