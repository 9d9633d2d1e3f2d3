import { checkCondition } from './condition.ts';
import { checkVariantName, type FlagPlace } from './variant.ts';
import type { ProblemList } from './problems.ts';
import {
  type Check,
  checkMembers,
  isBoolean,
  isInteger,
  isName,
  isNatural,
  isObject,
  isShare,
  isText,
  isTexts,
} from './shape.ts';

const ROLLOUT: Readonly<Record<string, Check>> = {
  id: isName,
  attempt: isNatural,
  phase: isName,
  stage: isInteger,
  unit: isName,
  salt: isText,
  measured: isBoolean,
  metrics: isTexts,
  slices: (value) => (value === undefined ? undefined : isTexts(value)),
};

/** Reports what is wrong with a rollout. */
export function checkRollout(rollout: unknown, place: FlagPlace, list: ProblemList): void {
  const { path } = place;
  if (!isObject(rollout)) return list.add(path, 'must be a rollout');
  checkMembers({ value: rollout, path }, ROLLOUT, list);
  checkVariantName(rollout['to'], { ...place, path: `${path}.to` }, list);
  checkVariantName(rollout['control'], { ...place, path: `${path}.control` }, list);
  checkAllocations(rollout['allocations'], { ...place, path: `${path}.allocations` }, list);
  checkAllocations(rollout['peak'], { ...place, path: `${path}.peak` }, list);
}

function checkAllocations(
  allocations: unknown,
  { path, segments }: FlagPlace,
  list: ProblemList,
): void {
  if (!Array.isArray(allocations)) return list.add(path, 'must be a list of allocations');
  for (const [index, allocation] of (allocations as unknown[]).entries()) {
    const here = `${path}[${index}]`;
    if (!list.visit(here)) return;
    if (!isObject(allocation)) {
      list.add(here, 'must be an allocation');
      continue;
    }
    checkMembers({ value: allocation, path: here }, { sharePerMillion: isShare }, list);
    const { audience } = allocation;
    const audiencePlace = { path: `${here}.audience`, depth: 1, segments, strict: false };
    if (audience !== undefined) checkCondition(audience, audiencePlace, list);
  }
}
