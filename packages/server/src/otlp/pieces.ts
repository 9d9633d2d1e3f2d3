import type { Told } from './told.ts';

/** A part of what a process told, small enough for one row. */
export interface Piece extends Pick<Told, 'evaluations' | 'requests' | 'points'> {
  /** Nothing comes after it: only now everything up to the newest request has been told. */
  readonly isLast: boolean;
}

const MOST_ITEMS = 1_000;

/**
 * What a process told, in pieces: at least one. Evaluations come first, those of flags that nothing measures are
 * passed over, and where nothing is measured so is everything.
 */
export function* piecesOf(told: Told, flags: ReadonlySet<string>): Generator<Piece> {
  const isMeasured = flags.size > 0;
  const evaluations = told.evaluations.filter(({ flag }) => flags.has(flag));
  const requests = isMeasured ? told.requests : [];
  const points = isMeasured ? told.points : [];
  const longest = Math.max(evaluations.length, requests.length, points.length);
  const pieces = Math.max(1, Math.ceil(longest / MOST_ITEMS));
  for (let piece = 0; piece < pieces; piece += 1) {
    const part = <Item>(items: readonly Item[]) =>
      items.slice(piece * MOST_ITEMS, (piece + 1) * MOST_ITEMS);
    yield {
      evaluations: part(evaluations),
      requests: part(requests),
      points: part(points),
      isLast: piece === pieces - 1,
    };
  }
}

/** End of the newest thing that was told of; 0 where it was nothing. */
export function throughMsOf({ evaluations, requests, points }: Told): number {
  let throughMs = 0;
  for (const { atMs } of evaluations) throughMs = Math.max(throughMs, atMs);
  for (const { endMs } of requests) throughMs = Math.max(throughMs, endMs);
  for (const { timeMs } of points) throughMs = Math.max(throughMs, timeMs);
  return throughMs;
}
