/** The way `[a, b, a]` from a key back to itself, `next` saying where each leads; undefined if none. */
export function findCircle(
  start: string,
  next: (key: string) => readonly string[],
): readonly string[] | undefined {
  const cameFrom = new Map<string, string>();
  for (const key of next(start)) if (!cameFrom.has(key)) cameFrom.set(key, start);
  // A map's iteration also visits what is added meanwhile.
  for (const key of cameFrom.keys()) {
    if (key === start) return wayBack(start, cameFrom);
    for (const further of next(key)) if (!cameFrom.has(further)) cameFrom.set(further, key);
  }
  return undefined;
}

function wayBack(start: string, cameFrom: ReadonlyMap<string, string>): readonly string[] {
  const way = [start];
  let key = cameFrom.get(start);
  while (key !== undefined && key !== start) {
    way.unshift(key);
    key = cameFrom.get(key);
  }
  return [start, ...way];
}
