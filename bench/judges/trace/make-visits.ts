import type { Population, World } from '../scenario/types.ts';
import { poisson, type Random } from './random.ts';
import {
  MINUTES,
  type OutcomeCells,
  SLICE_SHARES,
  SLICES,
  STAGE_SHARES,
  type Visits,
} from './types.ts';

/**
 * Every visit of a population, and the same in cells. A user has one place among the buckets for good. One
 * draw decides about a visit in both arms and all stages, so that without an effect the same visits fail.
 */
export function makeVisits(
  { world, population, outcomes }: { world: World; population: Population; outcomes: number },
  random: Random,
): { readonly visits: Visits; readonly units: Int32Array; readonly cells: OutcomeCells[] } {
  const visits = drawVisits(world, population, random);
  const units = new Int32Array(MINUTES * SLICES);
  const cells = Array.from({ length: outcomes }, () => ({
    bad0: new Int32Array(MINUTES * SLICES),
    bad1: STAGE_SHARES.map(() => new Int32Array(MINUTES * SLICES)),
  }));
  for (let minute = 0; minute < MINUTES; minute++) {
    const last = visits.firstOf[minute + 1] ?? 0;
    for (let visit = visits.firstOf[minute] ?? 0; visit < last; visit++) {
      const cell = minute * SLICES + (visits.slices[visit] ?? 0);
      units[cell] = (units[cell] ?? 0) + 1;
      const user = visits.users[visit] ?? 0;
      cells.forEach(({ bad0, bad1 }, outcome) => {
        const draw = random();
        const isBad = (stage: number | undefined) =>
          draw < population.rate({ minute, stage, outcome, user });
        note({ mask: visits.bad0, cells: bad0, visit, cell, outcome }, isBad(undefined));
        bad1.forEach((own, stage) => {
          const mask = visits.bad1[stage] ?? visits.bad0;
          note({ mask, cells: own, visit, cell, outcome }, isBad(stage));
        });
      });
    }
  }
  return { visits, units, cells };
}

interface Place {
  readonly mask: Uint8Array;
  readonly cells: Int32Array;
  readonly visit: number;
  readonly cell: number;
  readonly outcome: number;
}

function note({ mask, cells, visit, cell, outcome }: Place, isBad: boolean): void {
  if (!isBad) return;
  mask[visit] = (mask[visit] ?? 0) | (1 << outcome);
  cells[cell] = (cells[cell] ?? 0) + 1;
}

function drawVisits(world: World, { users }: Population, random: Random): Visits {
  const firstOf = new Int32Array(MINUTES + 1);
  for (let minute = 0; minute < MINUTES; minute++) {
    firstOf[minute + 1] = (firstOf[minute] ?? 0) + poisson(random, world.unitsAt(minute));
  }
  const count = firstOf[MINUTES] ?? 0;
  const returning = Number.isFinite(users);
  const places = Float64Array.from({ length: returning ? users : 0 }, random);
  const who = Int32Array.from({ length: count }, (_, visit) =>
    returning ? Math.floor(random() * users) : visit,
  );
  return {
    firstOf,
    users: who,
    slices: Uint8Array.from(who, (user) => sliceOf(returning ? (places[user] ?? 0) : random())),
    bad0: new Uint8Array(count),
    bad1: STAGE_SHARES.map(() => new Uint8Array(count)),
  };
}

function sliceOf(place: number): number {
  let above = 0;
  return Math.max(
    0,
    SLICE_SHARES.findIndex((share) => {
      above += share;
      return place < above;
    }),
  );
}
