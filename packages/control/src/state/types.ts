import type { Condition } from '@downhaul/engine';
import type { PageReference, ProofClock, TokenGrant } from '../command/types.ts';
import type { FlagDefinition } from '../flag/types.ts';
import type { Metric } from '../metric/types.ts';
import type { Plan } from '../plan/types.ts';
import type { RehearsalRecord } from '../rehearsal/record/types.ts';
import type { ExcludedSource } from '../rollout/excluded-source.ts';
import type { Cause, RolloutState } from '../rollout/types.ts';

/**
 * The fold of the log and nothing else. The maps are changed in place by `evolve` (copying them would
 * make an append cost as much as there are flags); everything inside them is immutable and replaced,
 * so a reader may keep what it took out.
 */
export interface ControlState {
  position: number;
  readonly projects: Map<string, ProjectState>;
  readonly tokens: Map<string, TokenGrant>;
  /** By proof id. */
  readonly proofs: Map<string, ProofState>;
  /** Positions that were lost, from behind `after` to `through`: nothing that names one is believed. */
  losses?: readonly { readonly after: number; readonly through: number }[];
  /** The newest checkpoint of telemetry that the log names; absent before the first. */
  telemetry?: { readonly through: number; readonly stateHash: string };
}

export interface ProjectState {
  readonly key: string;
  readonly environments: Map<string, EnvironmentState>;
  readonly flags: Map<string, FlagState>;
  readonly segments: Map<string, SegmentState>;
  readonly plans: Map<string, { readonly plan: Plan; readonly version: number }>;
  /** The metrics that have documents; others are built in. */
  readonly metrics: Map<string, Metric>;
  /** The newest rehearsals of each plan, by `rehearsalKey`; the oldest first. */
  readonly rehearsals: Map<string, RehearsalState>;
  /** Derived from the definitions: which flags speak of this one. No entry means none. */
  readonly mentions: Map<string, FlagMentions>;
}

/** A rehearsal that was recorded. */
export interface RehearsalState extends RehearsalRecord {
  readonly key: string;
  readonly atMs: number;
  readonly expiresAtMs: number;
  readonly version: number;
}

/** Keys of flags, in the order they came. */
export interface FlagMentions {
  readonly requiredBy: readonly string[];
  readonly conflictedBy: readonly string[];
}

export interface EnvironmentState {
  readonly key: string;
  readonly owner: string;
  readonly order: number;
  readonly unitSalt: string;
  /** Position of the last event that changed this environment: its snapshot's version. */
  readonly version: number;
}

export interface SegmentState {
  readonly key: string;
  readonly if: Condition;
  readonly owner: string;
  readonly version: number;
}

export interface FlagState {
  readonly key: string;
  readonly definition: FlagDefinition;
  readonly archived: boolean;
  /** Position of the last event that changed the definition; what rollouts do leaves it alone. */
  readonly version: number;
  readonly environments: Readonly<Record<string, FlagEnvironmentState>>;
}

export interface FlagEnvironmentState {
  readonly down: boolean;
  readonly downedAtMs?: number;
  readonly overrides?: PageReference;
  readonly overridesCount?: number;
  /** Id of the newest rollback proof of this flag here. */
  readonly proof?: string;
  /** Sources that do not count for rollouts here, in the order in which they were excluded. */
  readonly excluded?: readonly ExcludedSource[];
  /** The newest attempt, whatever its status. */
  readonly rollout?: RolloutState;
  /** Ended attempts, oldest first: id, attempt, status and cause only. */
  readonly earlier: readonly {
    readonly id: string;
    readonly attempt: number;
    readonly status: string;
    readonly cause?: Cause;
  }[];
  /** Position of the last event that changed this flag here. */
  readonly version: number;
}

/** A rollback proof and its three clocks (invariant 6). Its id is `environment/flag@position`. */
export interface ProofState {
  readonly id: string;
  readonly project: string;
  readonly environment: string;
  readonly flag: string;
  readonly rollout?: string;
  /** The snapshot version that every instance must reach. */
  readonly version: number;
  readonly openedAtMs: number;
  readonly kind: 'rollback' | 'down';
  /** After `openedAtMs`; `silent` already includes the time allowed for `reached`. */
  readonly deadlinesMs: Readonly<Record<ProofClock, number>>;
  readonly clocks: Readonly<
    Partial<
      Record<
        ProofClock,
        {
          readonly outcome: 'proven' | 'missed';
          readonly atMs: number;
          readonly statement: string;
          readonly missing: readonly string[];
        }
      >
    >
  >;
}
