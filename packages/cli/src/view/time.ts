/** A time as people compare it across places: `2027-03-01 14:03:07Z`. */
export function formatTime(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 19).replace('T', ' ')}Z`;
}
