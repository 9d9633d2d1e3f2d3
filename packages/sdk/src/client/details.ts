import type { FlagType } from '@downhaul/engine';
import type { JsonValue } from '@openfeature/server-sdk';
import { type Decided, copyOf, metadataFor } from './flags.ts';
import type { FlagDetails, FlagErrorCode } from './types.ts';

/** The flag type of a default value; what is no JSON counts as an object. */
export function typeOfDefault(value: unknown): FlagType {
  const type = typeof value;
  return type === 'boolean' || type === 'string' || type === 'number' ? type : 'object';
}

/** OpenFeature's evaluation details of a decision; the default stands in where there is no value. */
export function detailsOf<T extends JsonValue>(
  flagKey: string,
  defaultValue: T,
  decided: Decided,
): FlagDetails<T> {
  const { evaluation, held } = decided;
  const { value, variant, reason, errorMessage } = evaluation;
  const errorCode: FlagErrorCode | undefined = held ? evaluation.errorCode : 'PROVIDER_NOT_READY';
  return {
    flagKey,
    // `checkType` has seen that the value is of the default's type.
    value: value === undefined ? defaultValue : (copyOf(value) as T),
    ...(variant !== undefined && { variant }),
    reason,
    ...(errorCode !== undefined && { errorCode }),
    ...(errorMessage !== undefined && { errorMessage }),
    flagMetadata: metadataFor(flagKey, decided),
  };
}
