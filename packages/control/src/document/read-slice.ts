import { PLAN_DEFAULTS } from '../plan/defaults.ts';
import type { SlicePlan } from '../plan/types.ts';
import { numberOf, objectOf, type Reader } from './reader.ts';
import { readName } from './readers.ts';

const readObject = objectOf(
  { attribute: readName },
  { minimumSample: numberOf({ least: 0, most: 1_000_000_000, whole: true }) },
);

/** A slice: the name of an attribute, or an object with its minimum sample. */
export const readSlice: Reader<SlicePlan> = (value, path, problems) => {
  const shape =
    typeof value === 'object'
      ? readObject(value, path, problems)
      : asShape(readName(value, path, problems));
  if (shape === undefined) return undefined;
  const { attribute, minimumSample = PLAN_DEFAULTS.sliceMinimumSample } = shape;
  return { attribute, minimumSample };
};

function asShape(
  attribute: string | undefined,
): { readonly attribute: string; readonly minimumSample?: number } | undefined {
  return attribute === undefined ? undefined : { attribute };
}
