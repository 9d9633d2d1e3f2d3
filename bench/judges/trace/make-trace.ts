import type { Scenario, World } from '../scenario/types.ts';
import { makeLatency } from './make-latency.ts';
import { makeVisits } from './make-visits.ts';
import { binomial, geometric, multinomial, poisson, type Random, randomOf } from './random.ts';
import {
  type LostCells,
  MINUTES,
  type OutcomeCells,
  SLICE_SHARES,
  SLICES,
  STAGE_SHARES,
  type Trace,
} from './types.ts';

const CELLS = MINUTES * SLICES;

/** The trace of a scenario and a seed: the same for every judge, whatever was run before. */
export function makeTrace(scenario: Scenario, seed: number): Trace {
  const random = (part: string) => randomOf(`${scenario.key}/${seed}/${part}`);
  const world = scenario.world(random('world'));
  const { population } = world;
  const told =
    population === undefined
      ? undefined
      : makeVisits({ world, population, outcomes: scenario.outcomes.length }, random('visits'));
  const units = told?.units ?? drawUnits(world, random('units'));
  const latency =
    world.slower === undefined ? undefined : makeLatency(units, world.slower, random('latency'));
  const drawn =
    told?.cells ??
    scenario.outcomes.map((_, outcome) =>
      drawOutcome({ world, units, outcome }, random(`outcome ${outcome}`)),
    );
  const seen = latency === undefined ? drawn : [latency.slow];
  const [first] = seen;
  const lost = {
    control: drawLost({ world, units, bad: first?.bad0, arm: 'control' }, random('lost 0')),
    treatment: drawLost({ world, units, bad: first?.bad1[0], arm: 'treatment' }, random('lost 1')),
  };
  return {
    scenario: scenario.key,
    seed,
    units,
    outcomes: world.lostAreCrashed === true ? withCrashed(seen, lost.treatment) : seen,
    ...drawSeveral({ world, units, first }, random('requests')),
    lost,
    ...(told === undefined ? {} : { visits: told.visits }),
    ...(latency === undefined ? {} : { latency: latency.cells }),
    deliveredAt: Int32Array.from({ length: MINUTES }, (_, minute) => deliveredAt(world, minute)),
    twice: new Set(minutes().filter((minute) => world.isTwice?.(minute) ?? false)),
  };
}

interface Drawing {
  readonly world: World;
  readonly units: Int32Array;
}

function drawUnits({ unitsAt, slicesAt }: World, random: Random): Int32Array {
  const units = new Int32Array(CELLS);
  for (const minute of minutes()) {
    const shares = slicesAt?.(minute) ?? SLICE_SHARES;
    units.set(multinomial(random, poisson(random, unitsAt(minute)), shares), minute * SLICES);
  }
  return units;
}

/**
 * Both potential outcomes of the same units, coupled so that an effect adds or removes bad outcomes and
 * nothing else differs: without an effect they are equal, unit for unit.
 */
function drawOutcome(
  { world, units, outcome }: Drawing & { readonly outcome: number },
  random: Random,
): OutcomeCells {
  const bad0 = new Int32Array(CELLS);
  const bad1 = STAGE_SHARES.map(() => new Int32Array(CELLS));
  for (let cell = 0; cell < CELLS; cell++) {
    const minute = Math.floor(cell / SLICES);
    const count = units[cell] ?? 0;
    const rate0 = world.rate({ minute, stage: undefined, outcome });
    const control = binomial(random, count, rate0);
    bad0[cell] = control;
    const drawn = new Map<number, number>();
    for (const [stage, cells] of bad1.entries()) {
      const rate1 = world.rate({ minute, stage, outcome });
      let treated = drawn.get(rate1);
      if (treated === undefined) {
        treated = coupled(random, { count, control, rate0, rate1 });
        drawn.set(rate1, treated);
      }
      cells[cell] = treated;
    }
  }
  return { bad0, bad1 };
}

function coupled(
  random: Random,
  of: {
    readonly count: number;
    readonly control: number;
    readonly rate0: number;
    readonly rate1: number;
  },
): number {
  const { count, control, rate0, rate1 } = of;
  if (rate1 === rate0) return control;
  if (rate1 < rate0) return binomial(random, control, rate1 / rate0);
  return control + binomial(random, count - control, (rate1 - rate0) / (1 - rate0));
}

function drawLost(
  {
    world,
    units,
    bad,
    arm,
  }: Drawing & { readonly bad: Int32Array | undefined; readonly arm: 'treatment' | 'control' },
  random: Random,
): LostCells {
  const lost = { units: new Int32Array(CELLS), bad: new Int32Array(CELLS) };
  if (world.lost === undefined) return lost;
  for (let cell = 0; cell < CELLS; cell++) {
    const chance = world.lost(Math.floor(cell / SLICES), arm);
    const count = units[cell] ?? 0;
    const failing = bad?.[cell] ?? 0;
    const lostBad = binomial(random, failing, chance);
    lost.bad[cell] = lostBad;
    lost.units[cell] = lostBad + binomial(random, count - failing, chance);
  }
  return lost;
}

/** Units that crash before they can tell are bad, seen or not. */
function withCrashed(outcomes: readonly OutcomeCells[], lost: LostCells): OutcomeCells[] {
  const bad1 = outcomes.map((outcome) =>
    outcome.bad1.map((cells) =>
      cells.map((bad, cell) => bad + (lost.units[cell] ?? 0) - (lost.bad[cell] ?? 0)),
    ),
  );
  // All of those lost were bad: what is left to be seen stays as it was.
  lost.units.forEach((count, cell) => (lost.bad[cell] = count));
  return outcomes.map(({ bad0 }, index) => ({ bad0, bad1: bad1[index] ?? [] }));
}

function drawSeveral(
  { world, units, first }: Drawing & { readonly first: OutcomeCells | undefined },
  random: Random,
): Pick<Trace, 'several'> {
  const { requestsPerUnit = 1, errorsPerBad = 1 } = world;
  if (requestsPerUnit === 1 || first === undefined) return {};
  const errors = first.bad0.map((bad) => {
    let sum = 0;
    for (let unit = 0; unit < bad; unit++) sum += geometric(random, errorsPerBad);
    return sum;
  });
  const requests = units.map((count, cell) =>
    Math.max(count + poisson(random, count * (requestsPerUnit - 1)), errors[cell] ?? 0),
  );
  return { several: { requests, errors } };
}

function deliveredAt({ delayAt }: World, minute: number): number {
  const delay = delayAt?.(minute) ?? 0;
  return Number.isFinite(delay) ? minute + delay : -1;
}

function minutes(): number[] {
  return Array.from({ length: MINUTES }, (_, minute) => minute);
}
