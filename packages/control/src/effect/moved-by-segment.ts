import type { Condition } from '@downhaul/engine';
import { segmentClosure, segmentsOf } from '../segment/references.ts';
import type { FlagState, ProjectState } from '../state/types.ts';
import { holdsFor, ordinaryCases, singledOut } from './cases.ts';
import { testsOf } from './width.ts';

/**
 * The flags whose ordinary or described units another condition of a segment may move. None where it only names
 * others, as one more tenant in a list does: that is told apart without a look at the flags.
 */
export function flagsMovedBy(
  project: ProjectState,
  { key, if: condition }: { readonly key: string; readonly if: Condition },
): readonly string[] {
  const before = (each: string) => project.segments.get(each)?.if;
  const after = (each: string) => (each === key ? condition : before(each));
  const old = before(key) ?? NOBODY;
  const cases = [
    ...ordinaryCases([...testsOf(old, before), ...testsOf(condition, after)]),
    ...singledOut([old], before),
    ...singledOut([condition], after),
  ].filter(({ width }) => width !== 'named');
  const moves = cases.some(
    (unit) => holdsFor(unit, old, before) !== holdsFor(unit, condition, after),
  );
  if (!moves) return [];
  return [...project.flags.values()]
    .filter((flag) => uses(project, flag, key))
    .map((flag) => flag.key);
}

const NOBODY: Condition = { any: [] };

function uses(project: ProjectState, flag: FlagState, segment: string): boolean {
  if (flag.archived) return false;
  const named = Object.entries(flag.definition.environments).flatMap(([environment, { rules }]) => {
    const served = flag.environments[environment]?.rollout?.allocations ?? [];
    const audiences = served.flatMap(({ audience }) => audience ?? []);
    return [...rules.map((rule) => rule.if), ...audiences].flatMap(segmentsOf);
  });
  return named.length > 0 && segmentClosure(project, named).has(segment);
}
