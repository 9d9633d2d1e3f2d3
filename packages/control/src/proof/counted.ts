/** A count with its noun and verb, for a sentence: `1 stream was`, `3 streams were`. */
export function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
