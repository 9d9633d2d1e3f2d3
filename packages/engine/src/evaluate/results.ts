import type { SnapshotFlag } from '../snapshot/types.ts';
import type { Evaluation, EvaluationErrorCode, EvaluationReason, Exposure } from './types.ts';

/** Why a variant is served. */
interface Decision {
  readonly reason: EvaluationReason;
  readonly rule?: string;
  readonly exposure?: Exposure;
}

/** The shared result of serving a variant of a flag. */
export function served(flag: SnapshotFlag, variant: string, decision: Decision): Evaluation {
  if (!Object.hasOwn(flag.variants, variant)) {
    return failed('GENERAL', `flag ${flag.key} has no variant ${variant}`);
  }
  return result({ value: flag.variants[variant], variant, ...decision });
}

/** Nothing decided: the caller's code default, with the cause. */
export function codeDefault(cause: string): Evaluation {
  return result({ value: undefined, reason: 'DEFAULT', errorMessage: cause });
}

/** An error: the caller's code default. */
export function failed(errorCode: EvaluationErrorCode, errorMessage: string): Evaluation {
  return result({ value: undefined, reason: 'ERROR', errorCode, errorMessage });
}

export const UNREADABLE_CONTEXT = failed(
  'INVALID_CONTEXT',
  'the evaluation context could not be read',
);

/** All results have the same members in the same order, so that readers meet one object shape. */
function result(fields: Evaluation): Evaluation {
  return Object.freeze({
    value: fields.value,
    variant: fields.variant,
    reason: fields.reason,
    errorCode: fields.errorCode,
    errorMessage: fields.errorMessage,
    rule: fields.rule,
    exposure: fields.exposure,
  });
}
