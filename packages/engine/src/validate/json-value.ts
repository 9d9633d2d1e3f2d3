import type { ProblemList } from './problems.ts';

/** Twice the nesting of conditions, each of which takes an object and a list, and room around them. */
const MAX_JSON_DEPTH = 128;

/** Reports what is no JSON value, or nests too deeply to be hashed and compared safely. */
export function checkJsonValue(value: unknown, path: string, list: ProblemList): void {
  checkAtDepth(value, { path, depth: 1 }, list);
}

interface Place {
  readonly path: string;
  readonly depth: number;
}

function checkAtDepth(value: unknown, { path, depth }: Place, list: ProblemList): void {
  if (!list.visit(path)) return;
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return;
  if (typeof value === 'number' && Number.isFinite(value)) return;
  if (typeof value !== 'object') return list.add(path, 'must be a JSON value');
  if (depth > MAX_JSON_DEPTH) return list.add(path, `must not nest deeper than ${MAX_JSON_DEPTH}`);
  for (const name of Object.keys(value)) {
    // The path of the whole entry is exact enough, and costs nothing per value.
    checkAtDepth(
      (value as Readonly<Record<string, unknown>>)[name],
      { path, depth: depth + 1 },
      list,
    );
    if (list.full) return;
  }
}
