import type { ProblemList } from './problems.ts';

/** Twice the nesting of conditions, each of which takes an object and a list, and room around them. */
const MAX_JSON_DEPTH = 128;

/**
 * Reports what is no JSON value, or nests too deeply to be hashed and compared safely; true if neither.
 * Ends at the first such thing: a value that contains itself would have no end of them.
 */
export function checkJsonValue(value: unknown, path: string, list: ProblemList): boolean {
  return checkAtDepth(value, { path, depth: 1 }, list);
}

interface Place {
  readonly path: string;
  readonly depth: number;
}

function checkAtDepth(value: unknown, { path, depth }: Place, list: ProblemList): boolean {
  if (!list.visit(path)) return false;
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true;
  if (typeof value === 'number' && Number.isFinite(value)) return true;
  if (typeof value !== 'object') return refuse(path, 'must hold nothing but JSON values', list);
  if (depth > MAX_JSON_DEPTH)
    return refuse(path, `must not nest deeper than ${MAX_JSON_DEPTH}`, list);
  const members = value as Readonly<Record<string, unknown>>;
  for (const name of Object.keys(members)) {
    // A member that is undefined is none. The path of the whole entry costs nothing per value.
    if (members[name] === undefined) continue;
    if (!checkAtDepth(members[name], { path, depth: depth + 1 }, list)) return false;
  }
  return true;
}

function refuse(path: string, message: string, list: ProblemList): false {
  list.add(path, message);
  return false;
}
