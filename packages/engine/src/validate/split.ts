import { checkVariantName, type FlagPlace } from './variant.ts';
import type { ProblemList } from './problems.ts';
import { checkMembers, isNatural, isObject, isText } from './shape.ts';

const LARGEST_TOTAL = 2_147_483_647;

/** Reports what is wrong with a rule's split. */
export function checkSplit(split: unknown, place: FlagPlace, list: ProblemList): void {
  const { path } = place;
  if (!isObject(split)) return list.add(path, 'must be a split');
  const optional = (value: unknown) => (value === undefined ? undefined : isText(value));
  checkMembers({ value: split, path }, { unit: optional, salt: optional }, list);
  const { weights } = split;
  if (!Array.isArray(weights))
    return list.add(`${path}.weights`, 'must be a list of variants and weights');
  let total = 0;
  for (const [index, entry] of (weights as unknown[]).entries()) {
    const here = `${path}.weights[${index}]`;
    if (!list.visit(here)) return;
    const [variant, weight] = Array.isArray(entry) ? (entry as unknown[]) : [];
    checkVariantName(variant, { ...place, path: `${here}[0]` }, list);
    if (isNatural(weight) === undefined) total += weight as number;
    else list.add(`${here}[1]`, 'must be an integer from 0');
  }
  if (total > LARGEST_TOTAL)
    list.add(`${path}.weights`, `must not add up to more than ${LARGEST_TOTAL}`);
}
