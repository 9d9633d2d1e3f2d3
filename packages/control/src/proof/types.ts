import type { ProofClock } from '../command/types.ts';
import type { RolloutState } from '../rollout/types.ts';
import type { ProofState } from '../state/types.ts';
import type { TelemetryState } from '../telemetry/state.ts';
import type { InstanceClass } from '../telemetry/instance/types.ts';

export interface ProofInput {
  readonly proof: ProofState;
  /** The rollout that was rolled back, as control has it; absent for a flag without one. */
  readonly rollout?: RolloutState;
  readonly telemetry: TelemetryState;
  /** Services that the flag and those that require it say they affect, and the latter's keys. */
  readonly affects?: readonly string[];
  readonly dependants?: readonly string[];
  /** Ids of the tokens in force; absent: nobody is known to be cut off. */
  readonly tokens?: { has(token: string): boolean };
  readonly nowMs: number;
  /** True where instances told something that the telemetry does not know yet: nothing is proven then. */
  readonly isBehind?: boolean;
}

/** A rollback proof as it stands: three clocks, what each says, and who is missing. */
export interface ProofView {
  readonly proof: string;
  readonly clocks: Readonly<Record<ProofClock, ClockView>>;
  readonly instances: Readonly<Record<InstanceClass, number>>;
  /** Live instances of services that never evaluated the flag: nobody waits for them. */
  readonly notConcerned: { readonly instances: number; readonly services: readonly string[] };
  /** What was last recorded of each clock, to tell what is new. */
  readonly recorded: Readonly<Partial<Record<ProofClock, 'proven' | 'missed'>>>;
}

export interface ClockView {
  /** `missed`: not proven and its deadline is over; it may still become proven. */
  readonly outcome: 'proven' | 'pending' | 'missed';
  readonly deadlineAtMs: number;
  /** What is proven and how, or what is missing; states what could only be assumed. */
  readonly statement: string;
  readonly missing: readonly MissingProof[];
}

/** Who or what stands in the way: an instance by name, or a guardrail. */
export interface MissingProof {
  readonly name: string;
  readonly service?: string;
  readonly why: string;
  /** The revoked token that it last spoke with: it cannot say anything more, and may still serve. */
  readonly cutOffBy?: string;
}

/** What a clock finds, before its deadline is looked at. */
export interface ClockFinding {
  readonly proven: boolean;
  readonly statement: string;
  readonly missing: readonly MissingProof[];
}
