import type { JsonValue } from '../json.ts';
import type { Arm } from '../snapshot/types.ts';

/** What is known about the unit being evaluated, as OpenFeature's evaluation context. */
export interface EvaluationContext {
  readonly targetingKey?: string;
  readonly [attribute: string]: unknown;
}

/** OpenFeature's reasons. `STALE` is only given by an SDK that is cut off. */
export type EvaluationReason =
  'STATIC' | 'TARGETING_MATCH' | 'SPLIT' | 'DEFAULT' | 'DISABLED' | 'STALE' | 'ERROR';

export type EvaluationErrorCode =
  'FLAG_NOT_FOUND' | 'TYPE_MISMATCH' | 'PARSE_ERROR' | 'GENERAL' | 'INVALID_CONTEXT';

/**
 * What a flag is for a context. Results are shared between calls and frozen, and an object `value` is
 * the snapshot's own: copy it before handing it to code that may change it.
 */
export interface Evaluation {
  /** Undefined: the caller's code default. */
  readonly value: JsonValue | undefined;
  readonly variant?: string | undefined;
  readonly reason: EvaluationReason;
  readonly errorCode?: EvaluationErrorCode | undefined;
  readonly errorMessage?: string | undefined;
  /** Name of the rule that decided, or `override`, `conflict`, `requires`. */
  readonly rule?: string | undefined;
  /** Present only when the rollout put the unit into an arm. */
  readonly exposure?: Exposure | undefined;
}

/** What telemetry says about a unit in an arm; one shared object per allocation and arm. */
export interface Exposure {
  readonly flag: string;
  /** `SnapshotRollout.id`. */
  readonly rollout: string;
  readonly stage: number;
  /** Index in `SnapshotRollout.allocations`. */
  readonly allocation: number;
  readonly arm: Arm;
  /** Attribute that identifies the unit. */
  readonly unit: string;
  readonly measured: boolean;
  /** `SnapshotFlag.version`; a report names the snapshot's version instead. */
  readonly version: number;
}
