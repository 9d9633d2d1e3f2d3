import type { Condition } from '../condition/types.ts';
import type { JsonValue } from '../json.ts';

export type FlagKind = 'release' | 'experiment' | 'operational' | 'permission';
export type FlagType = 'boolean' | 'string' | 'number' | 'object';
export type Arm = 'control' | 'treatment';

/** The version of this format that this engine reads and writes. */
export const SNAPSHOT_FORMAT_VERSION = 1;

/** Everything an environment's evaluator needs. Immutable; equal content has an equal `hash`. */
export interface Snapshot {
  readonly formatVersion: number;
  readonly project: string;
  readonly environment: string;
  /** Log position of the last event that changed this environment. */
  readonly version: number;
  /** `contentHash` of flags and segments: 16 hexadecimal digits, independent of key order. */
  readonly hash: string;
  /** Salt of unit hashes in this environment; given to server SDKs, never to browsers. */
  readonly unitSalt: string;
  readonly flags: Readonly<Record<string, SnapshotFlag>>;
  readonly segments: Readonly<Record<string, SnapshotSegment>>;
}

export interface SnapshotSegment {
  readonly key: string;
  readonly if: Condition;
}

export interface SnapshotFlag {
  readonly key: string;
  readonly kind: FlagKind;
  readonly type: FlagType;
  readonly variants: Readonly<Record<string, JsonValue>>;
  /** The variant everyone gets where nothing else applies. */
  readonly serve: string;
  /** The variant that `down`, an unmet requirement and a conflict serve. */
  readonly safe: string;
  /** True after `down`: `safe` for everyone, above everything else, until `up`. */
  readonly down: boolean;
  /** Per-unit overrides: `unitHash(unitSalt, unit)` to variant. Outside both arms. */
  readonly overrides?: Readonly<Record<string, string>>;
  readonly rules: readonly TargetingRule[];
  readonly rollout?: SnapshotRollout;
  readonly requires: readonly { readonly flag: string; readonly variant: string }[];
  readonly conflicts: readonly string[];
  /** Capabilities an SDK must have to evaluate this flag; one that lacks any serves the code default. */
  readonly capabilities: readonly string[];
  /** Log position of the last event that changed this flag in this environment. */
  readonly version: number;
}

/** The first rule whose condition holds decides: a fixed variant, or a split by unit. */
export interface TargetingRule {
  readonly name: string;
  readonly if: Condition;
  readonly serve?: string;
  readonly split?: Split;
}

/** A percentage split of units. Weights are non-negative integers; their sum is at most 2^31 - 1. */
export interface Split {
  /** Attribute that identifies the unit; default `targetingKey`. */
  readonly unit?: string;
  /** Hashed before the unit; default the flag's key, as flagd does. */
  readonly salt?: string;
  readonly weights: readonly (readonly [variant: string, weight: number])[];
}

/** `baseline`: measuring before the first stage. `recovery`: measuring after a rollback. */
export type RolloutPhase = 'baseline' | 'stage' | 'recovery' | 'watch';

/** What the evaluator and telemetry need of a rollout in this environment. */
export interface SnapshotRollout {
  /** Identity of the attempt, unique for ever: `project/environment/flag#attempt`. */
  readonly id: string;
  readonly attempt: number;
  readonly phase: RolloutPhase;
  /** Index of the plan's stage, from 0. In `baseline` it is -1, in `recovery` -2. */
  readonly stage: number;
  readonly to: string;
  /** The variant of the control arm. */
  readonly control: string;
  /** Attribute that identifies the unit, `targetingKey` by default. */
  readonly unit: string;
  readonly salt: string;
  /**
   * Who is in the rollout and at what share. The first allocation whose audience holds is the
   * unit's stratum; it is in treatment if `cut(hash, 1_000_000) < sharePerMillion` of any that holds.
   * A unit that no audience holds for is outside both arms.
   */
  readonly allocations: readonly Allocation[];
  /** The highest allocations of this attempt so far; conflicts are judged by these. */
  readonly peak: readonly Allocation[];
  /** True while SDKs report exposures and outcomes per unit for this rollout. */
  readonly measured: boolean;
  /** Upper bound of one report's per-unit metrics: `http.latency` in buckets of the judge. */
  readonly metrics: readonly string[];
  /**
   * Attributes of the context that exposures tell, so that their values are judged apart; absent: none.
   * No capability: who does not know it sends none, and evaluates the flag all the same.
   */
  readonly slices?: readonly string[];
}

export interface Allocation {
  /** Who; absent means everyone. */
  readonly audience?: Condition;
  readonly sharePerMillion: number;
}

/** From one version to a later one. `hash` is the content hash of the result. */
export interface SnapshotDelta {
  readonly formatVersion: number;
  readonly baseVersion: number;
  readonly version: number;
  readonly hash: string;
  readonly set: {
    readonly flags: Readonly<Record<string, SnapshotFlag>>;
    readonly segments: Readonly<Record<string, SnapshotSegment>>;
  };
  readonly removed: { readonly flags: readonly string[]; readonly segments: readonly string[] };
}
