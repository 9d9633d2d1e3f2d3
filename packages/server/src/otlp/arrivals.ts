import type { ToldPoint } from '@downhaul/control';
import type { Told } from './told.ts';

/** What arrived of an instrument from a service of late, whether anything is measured or not. */
export interface InstrumentArrival {
  readonly service: string;
  readonly instrument: string;
  readonly atMs: number;
  /** The newest point that names the flag; absent where none does. */
  readonly point?: ToldPoint;
  /** Why what names the flag cannot be counted. */
  readonly refused?: string;
}

/** What services told of instruments, for the check before a start. In memory: after a restart it begins anew. */
export interface Arrivals {
  note(place: string, service: string, at: { readonly told: Told; readonly nowMs: number }): void;
  /** What arrived in an environment of late, seen for one flag. */
  of(place: string, flag: string, nowMs: number): InstrumentArrival[];
}

/** In place of an instrument: evaluations in spans and records. */
export const EVALUATIONS = '';

const LATELY_MS = 300_000;
const MOST = 5_000;

interface Known {
  readonly place: string;
  readonly service: string;
  readonly instrument: string;
  atMs: number;
  readonly points: Map<string, { readonly atMs: number; readonly point: ToldPoint }>;
  readonly refused: Map<string, { readonly atMs: number; readonly text: string }>;
}

const MOST_FLAGS = 500;

export function createArrivals(): Arrivals {
  const all = new Map<string, Known>();
  return {
    note: (place, service, { told, nowMs }) => {
      const isRefused = told.refused.some(({ instrument }) => instrument === undefined);
      for (const instrument of [...told.instruments, ...(isRefused ? [EVALUATIONS] : [])]) {
        const key = JSON.stringify([place, service, instrument]);
        const known = all.get(key) ?? {
          ...{ place, service, instrument, atMs: nowMs },
          ...{ points: new Map(), refused: new Map() },
        };
        known.atMs = nowMs;
        all.delete(key);
        all.set(key, known);
        if (all.size > MOST) all.delete(all.keys().next().value ?? '');
        for (const point of told.points) {
          if (point.instrument !== instrument || known.points.size >= MOST_FLAGS) continue;
          known.points.set(point.flag, { atMs: nowMs, point });
        }
        for (const { flag, text, ...refused } of told.refused) {
          if (
            (refused.instrument ?? EVALUATIONS) !== instrument ||
            known.refused.size >= MOST_FLAGS
          )
            continue;
          known.refused.set(flag, { atMs: nowMs, text });
        }
      }
    },
    of: (place, flag, nowMs) =>
      [...all.values()]
        .filter((known) => known.place === place && nowMs - known.atMs <= LATELY_MS)
        .map(({ service, instrument, atMs, points, refused }) => {
          const isRecent = (at: { readonly atMs: number } | undefined) =>
            at !== undefined && nowMs - at.atMs <= LATELY_MS;
          const point = points.get(flag);
          const why = refused.get(flag);
          return {
            service,
            instrument,
            atMs,
            ...(point && isRecent(point) ? { point: point.point } : {}),
            ...(why && isRecent(why) ? { refused: why.text } : {}),
          };
        }),
  };
}
