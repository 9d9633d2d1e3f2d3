import type { Allocation } from '@downhaul/engine';
import { binomial, multinomial, type Random } from '../random.ts';

/** Units that came together and have the same past: what the judge keeps as one stratum. */
export interface Group {
  readonly allocation: number;
  /** Largest share per million at which an earlier stage saw them; 0 for none. */
  readonly shareBefore: number;
  /** In treatment now, not before. */
  readonly fresh: number;
  /** In treatment now, and at an earlier stage. */
  readonly carried: number;
  readonly control: number;
  /** Chance of treatment for those who were not in treatment before. */
  readonly chance: number;
}

/** Units that a stage has seen and no later one yet. */
interface Pool {
  treatment: number;
  control: number;
  readonly sharePerMillion: number;
}

interface CrowdTerms {
  readonly returningShare: number;
  readonly audienceShare: number;
  readonly random: Random;
}

/**
 * Who comes, counted. One draw places a unit for the whole rollout: who was treated stays so, and of those
 * who were control at one share a larger one treats the rest of it. Returning units are drawn from those
 * whom everyone's allocation has seen; audiences have new ones alone.
 */
export class Crowd {
  /** By stage. */
  private readonly pools = new Map<number, Pool>();
  private readonly terms: CrowdTerms;

  constructor(terms: CrowdTerms) {
    this.terms = terms;
  }

  /** So many units come in a stage; below stage 0 all of them are control. */
  come(units: number, stage: number, allocations: readonly Allocation[]): Group[] {
    const groups: Group[] = [];
    for (const { allocation, count, sharePerMillion, isAll } of this.strata(units, allocations)) {
      if (count === 0) continue;
      const share = stage < 0 ? 0 : sharePerMillion / 1_000_000;
      const returning = isAll && stage > 0 ? this.returning(count, stage) : [];
      let left = count;
      for (const { from, treatment, control } of returning) {
        groups.push(this.returned({ from, treatment, control, allocation, share }));
        left -= treatment + control;
      }
      const fresh = binomial(this.terms.random, left, share);
      groups.push({
        ...{ allocation, shareBefore: 0, fresh, carried: 0 },
        ...{ control: left - fresh, chance: share },
      });
      if (isAll && stage >= 0) this.remember(groups, stage, sharePerMillion);
    }
    return groups;
  }

  private strata(units: number, allocations: readonly Allocation[]) {
    const [only] = allocations;
    if (only !== undefined && allocations.length === 1 && only.audience === undefined) {
      const { sharePerMillion } = only;
      return [{ allocation: 0, count: units, sharePerMillion, isAll: true }];
    }
    const all = allocations.findLastIndex(({ audience }) => audience === undefined);
    const { audienceShare, random } = this.terms;
    const held = allocations.map(({ audience }) => (audience === undefined ? 0 : audienceShare));
    const rest = Math.max(0, 1 - held.reduce((sum, share) => sum + share, 0));
    const weights = held.map((share, index) => (index === all ? rest : share));
    const outside = all < 0 ? [rest] : [];
    const counts = multinomial(random, units, [...weights, ...outside]);
    return allocations.map(({ sharePerMillion }, allocation) => ({
      allocation,
      count: counts[allocation] ?? 0,
      sharePerMillion,
      isAll: allocation === all,
    }));
  }

  /** Takes those who come again out of the pools of earlier stages. */
  private returning(units: number, stage: number) {
    const { random, returningShare } = this.terms;
    if (returningShare === 0) return [];
    const pools = [...this.pools].filter(([of]) => of < stage).map(([, pool]) => pool);
    const known = pools.reduce((sum, { treatment, control }) => sum + treatment + control, 0);
    if (known === 0) return [];
    let wanted = Math.min(known, binomial(random, units, returningShare));
    let left = known;
    return pools.map((from) => {
      const size = from.treatment + from.control;
      const taken = Math.min(size, binomial(random, wanted, left === 0 ? 0 : size / left));
      wanted -= taken;
      left -= size;
      const drawn = binomial(random, taken, size === 0 ? 0 : from.treatment / size);
      const treatment = Math.min(from.treatment, Math.max(drawn, taken - from.control));
      const control = taken - treatment;
      from.treatment -= treatment;
      from.control -= control;
      return { from, treatment, control };
    });
  }

  private returned(of: {
    readonly from: Pool;
    readonly treatment: number;
    readonly control: number;
    readonly allocation: number;
    readonly share: number;
  }): Group {
    const shareBefore = of.from.sharePerMillion;
    const before = shareBefore / 1_000_000;
    const chance = before >= 1 ? 1 : Math.max(0, (of.share - before) / (1 - before));
    const fresh = binomial(this.terms.random, of.control, chance);
    return {
      ...{ allocation: of.allocation, shareBefore, fresh, carried: of.treatment },
      ...{ control: of.control - fresh, chance },
    };
  }

  private remember(groups: readonly Group[], stage: number, sharePerMillion: number): void {
    let pool = this.pools.get(stage);
    if (pool === undefined) {
      pool = { treatment: 0, control: 0, sharePerMillion };
      this.pools.set(stage, pool);
    }
    const allocation = groups.at(-1)?.allocation;
    for (const group of groups) {
      if (group.allocation !== allocation) continue;
      pool.treatment += group.fresh + group.carried;
      pool.control += group.control;
    }
  }
}
