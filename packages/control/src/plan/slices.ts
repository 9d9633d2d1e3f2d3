import { sameJson } from '../document/same-json.ts';
import type { Plan, SlicePlan } from './types.ts';

/** The dimension that is no attribute: which service reported a bad outcome. */
export const SERVICE_SLICE = 'service';

/** What a plan judges apart, in the order of its document. */
export function slicesOf({ slices = [] }: Pick<Plan, 'slices'>): readonly SlicePlan[] {
  return slices.filter((slice) => typeof slice !== 'string');
}

/** The attributes of the context that SDKs are asked for. */
export function sliceAttributes(plan: Pick<Plan, 'slices'>): readonly string[] {
  return slicesOf(plan)
    .map(({ attribute }) => attribute)
    .filter((attribute) => attribute !== SERVICE_SLICE);
}

/** Whether two plans tell the same apart; a plain name of an earlier release is no other than its object. */
export function sameSlices(one: Pick<Plan, 'slices'>, other: Pick<Plan, 'slices'>): boolean {
  const before = one.slices ?? [];
  const after = other.slices ?? [];
  return (
    before.length === after.length &&
    before.every((slice, index) => {
      const next = after[index];
      return sameJson(slice, next) || (typeof slice === 'string' && slice === nameOf(next));
    })
  );
}

function nameOf(slice: string | SlicePlan | undefined): string | undefined {
  return typeof slice === 'object' ? slice.attribute : slice;
}
