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

/**
 * The newest time that a process told of; undefined where it told of none. It says how far the clock of the process
 * is ahead. So a single time far beyond all others is passed over, and one that no clock shows: one broken
 * timestamp must not move everything else.
 */
export function newestMsOf(told: Told, receivedAtMs: number): number | undefined {
  let newestMs = -Infinity;
  let secondMs = -Infinity;
  let times = 0;
  for (const timeMs of timesOf(told)) {
    if (timeMs > receivedAtMs + MOST_AHEAD_MS) continue;
    times += 1;
    secondMs = Math.max(secondMs, Math.min(timeMs, newestMs));
    newestMs = Math.max(newestMs, timeMs);
  }
  if (times === 0) return undefined;
  const isAlone = times > 2 && newestMs - secondMs > ALONE_MS && newestMs > receivedAtMs;
  return isAlone ? secondMs : newestMs;
}

/** Longer than any time zone is ahead of another. */
const MOST_AHEAD_MS = 86_400_000;
const ALONE_MS = 300_000;

function* timesOf({ evaluations, requests, points }: Told): Generator<number> {
  for (const { atMs } of evaluations) yield atMs;
  for (const { endMs } of requests) yield endMs;
  for (const { timeMs } of points) yield timeMs;
}

/** The same on another clock. The series of points are told apart by what came, so these are moved later. */
export function moved(piece: Piece, byMs: number): Piece {
  if (byMs === 0) return piece;
  return {
    ...piece,
    evaluations: piece.evaluations.map((each) => ({ ...each, atMs: each.atMs + byMs })),
    requests: piece.requests.map((each) => ({ ...each, endMs: each.endMs + byMs })),
  };
}
