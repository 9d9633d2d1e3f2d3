import { checkCondition } from './condition.ts';
import type { EntryPlace } from './flag.ts';
import { checkJsonValue } from './json-value.ts';
import type { ProblemList } from './problems.ts';
import { checkMembers, isName, isObject } from './shape.ts';

/** Reports what is wrong with a segment. */
export function checkSegment(segment: unknown, place: EntryPlace, list: ProblemList): void {
  const { key, path, segments } = place;
  if (!checkJsonValue(segment, path, list)) return;
  if (!isObject(segment)) return list.add(path, 'must be a segment');
  checkMembers({ value: segment, path }, { key: isName }, list);
  if (segment['key'] !== key) list.add(`${path}.key`, `must be ${key}`);
  checkCondition(segment['if'], { path: `${path}.if`, depth: 1, segments, strict: false }, list);
}
