import { absorb, type JudgeState } from '../../src/index.ts';
import type { Random } from './random.ts';

/** Someone who may come in every stage. */
export interface Visitor {
  /** Treated where the share is above it. */
  readonly place: number;
  /** What is the visitor's own and stays: a draw in [0, 1). */
  readonly own: number;
  /** The largest share at which an earlier stage saw the visitor; 0 where none did. */
  seen: number;
}

export interface Visit {
  readonly visitor: Visitor;
  readonly arm: 'fresh' | 'carried' | 'control';
}

export interface Crowd {
  readonly visitors: number;
  /** Chance to come in a stage. */
  readonly comes: number;
  readonly shares: readonly number[];
}

export interface VisitBatch {
  readonly stage: number;
  /** True for the first batch of its stage. */
  readonly begins: boolean;
  /** By stratum: the share at which an earlier stage saw them. */
  readonly strata: ReadonlyMap<string, readonly Visit[]>;
}

const BATCHES = 10;

/** Ten batches per stage; who comes counts once in it, as telemetry counts units. */
export function* visitsOf(random: Random, crowd: Crowd): Generator<VisitBatch> {
  const visitors = Array.from({ length: crowd.visitors }, (): Visitor => ({
    place: random.uniform(),
    own: random.uniform(),
    seen: 0,
  }));
  for (const [stage, share] of crowd.shares.entries()) {
    const came = visitors.filter(() => random.uniform() < crowd.comes);
    const batchOf = came.map(() => Math.floor(random.uniform() * BATCHES));
    for (let batch = 0; batch < BATCHES; batch += 1) {
      const strata = new Map<string, Visit[]>();
      for (const visitor of came.filter((_, at) => batchOf[at] === batch)) {
        const stratum = `0/${visitor.seen}`;
        const visits = strata.get(stratum) ?? [];
        strata.set(stratum, visits);
        visits.push({ visitor, arm: armOf(visitor, share) });
      }
      yield { stage, begins: batch === 0, strata };
    }
    for (const visitor of came) visitor.seen = Math.max(visitor.seen, share);
  }
}

function armOf({ place, seen }: Visitor, share: number): Visit['arm'] {
  if (place >= share) return 'control';
  return place < seen ? 'carried' : 'fresh';
}

/** Hands the visits of a stratum to the judge as a share: who is bad is told by `isBad`. */
export function absorbVisits(
  state: JudgeState,
  place: { readonly hypothesis: string; readonly stage: number; readonly stratum: string },
  {
    visits,
    isBad,
  }: { readonly visits: readonly Visit[]; readonly isBad: (visit: Visit) => boolean },
): void {
  const arms = {
    fresh: { units: 0, bad: 0 },
    carried: { units: 0, bad: 0 },
    control: { units: 0, bad: 0 },
  };
  for (const visit of visits) {
    arms[visit.arm].units += 1;
    if (isBad(visit)) arms[visit.arm].bad += 1;
  }
  const { fresh, carried, control } = arms;
  const treatment = { units: fresh.units + carried.units, bad: fresh.bad + carried.bad };
  absorb(state, { ...place, counts: { treatment, control }, carried });
}
