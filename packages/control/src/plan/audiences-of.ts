import { pointer } from '../document/pointer.ts';
import type { PlacedCondition } from '../segment/references.ts';
import type { Plan } from './types.ts';

/** Every audience of a plan, with its place below `path`. */
export function audiencesOf(plan: Plan, path = ''): readonly PlacedCondition[] {
  return plan.stages.flatMap(({ allocations }, stage) =>
    allocations.flatMap(({ audience }) =>
      audience === undefined
        ? []
        : [{ condition: audience, path: pointer(`${path}/stages`, stage) }],
    ),
  );
}
