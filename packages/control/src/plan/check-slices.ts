import { domainError } from '../error/domain-error.ts';
import type { DomainError } from '../error/types.ts';
import { slicesOf } from './slices.ts';
import type { Plan } from './types.ts';

/** Each attribute once, and none that would tell who a unit is. */
export function checkSlices(plan: Plan, path: string): readonly DomainError[] {
  const seen = new Set<string>();
  return slicesOf(plan).flatMap(({ attribute }, index) => {
    const place = { path: `${path}/slices/${index}` };
    const facts = { plan: plan.key, attribute };
    if (attribute === plan.unit || attribute === 'targetingKey') {
      return [domainError('plan_slice_unit', facts, place)];
    }
    if (seen.has(attribute)) return [domainError('plan_slice_twice', facts, place)];
    seen.add(attribute);
    return [];
  });
}
