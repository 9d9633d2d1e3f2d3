import { batchEndingAfter } from '../../telemetry/rollout/batches.ts';
import type { Tally } from '../../telemetry/rollout/close-horizons.ts';
import type { Cohort } from '../../telemetry/rollout/cohort.ts';
import { latencyKey } from '../../telemetry/rollout/hypotheses.ts';
import type { AssignmentTally, RolloutTelemetry } from '../../telemetry/rollout/types.ts';
import { binomial, multinomial, type Random } from '../random.ts';
import type { OutcomeChances } from '../scenario/outcome-law.ts';
import type { LatencyLaw } from '../service/latency-law.ts';
import type { CountedUnits } from './close-counted.ts';
import type { Group } from './crowd.ts';
import { type LatencyPart, latencyParts } from './latency-parts.ts';
import { type BadUnits, drawBad } from './outcomes.ts';

/** Units of one stage that came at about the same time. */
interface Comers {
  readonly stage: number;
  readonly atMs: number;
  readonly groups: readonly Group[];
  /** By hypothesis; undefined where the stage froze no threshold. */
  readonly chances: readonly (OutcomeChances | undefined)[];
  /** Chance of each arm's units to be told of. */
  readonly told: { readonly treatment: number; readonly control: number };
}

/** What the feature did to them, told of or not. */
export interface Harm {
  /** Units that are bad because of the feature, by hypothesis. */
  readonly extra: readonly number[];
  readonly treated: number;
  /** Treated units that nobody told of. */
  readonly untold: number;
  readonly told: { readonly treatment: number; readonly control: number };
}

/** Units from which the window before the rollout stands alone (`evidence/baseline.ts`). */
const ENOUGH_UNITS = 200;

/**
 * Stands for the unit records of the fold: the same units, counted. Their outcomes come at once, so that a
 * unit is bad at every horizon or at none.
 */
export class UnitTallies implements CountedUnits {
  private readonly due = new Map<number, Map<number, Tally[]>>();
  private assignments: AssignmentTally[] = [];
  private readonly telemetry: RolloutTelemetry;
  private readonly random: Random;
  private readonly parts: readonly LatencyPart[];
  /** Metrics of which some quantile is judged; all follow the one law of latency. */
  private readonly slowMetrics: readonly string[];
  /** Position of the hypothesis whose draw a hypothesis shares. */
  private readonly sameAs: readonly number[];

  constructor(telemetry: RolloutTelemetry, random: Random, latency: LatencyLaw) {
    this.telemetry = telemetry;
    this.random = random;
    const { hypotheses } = telemetry;
    const slow = hypotheses.filter(({ kind }) => kind === 'slow');
    this.slowMetrics = [...new Set(slow.map(({ metric }) => metric))];
    this.parts = slow.length > 0 ? latencyParts(latency) : [];
    // All horizons of a metric see the same units, and so do a guardrail and a signal on it.
    const keys = hypotheses.map(({ id, metric, kind }) => (kind === 'slow' ? id : metric + kind));
    this.sameAs = keys.map((key) => keys.indexOf(key));
  }

  add(comers: Comers): Harm {
    const cohort = this.telemetry.cohorts.get(comers.stage);
    const extra = this.telemetry.hypotheses.map(() => 0);
    const sums = { treated: 0, untold: 0, treatment: 0, control: 0 };
    for (const group of comers.groups) {
      const told = this.thinned(group, comers.told);
      const bad = this.badOf(told, comers);
      addExtra(extra, bad);
      const treatment = told.fresh + told.carried;
      const lost = group.fresh + group.carried - treatment;
      if (lost > 0) {
        const rest = { fresh: group.fresh - told.fresh, carried: group.carried - told.carried };
        addExtra(extra, this.badOf({ ...group, ...rest, control: 0 }, comers));
      }
      sums.treated += treatment + lost;
      sums.untold += lost;
      sums.treatment += treatment;
      sums.control += told.control;
      if (cohort?.open !== true || treatment + told.control === 0) continue;
      this.enter(cohort, told, comers.atMs);
      this.schedule(told, bad, comers);
    }
    const { treated, untold, ...counts } = sums;
    return { extra, treated, untold, told: counts };
  }

  takeTallies(batch: number): ReadonlyMap<number, readonly Tally[]> {
    const stages = this.due.get(batch) ?? new Map<number, Tally[]>();
    this.due.delete(batch);
    for (const [stage, tallies] of stages) {
      tallies.sort(
        (one, other) =>
          one.horizonMs - other.horizonMs ||
          one.allocation - other.allocation ||
          one.shareBefore - other.shareBefore,
      );
      for (const tally of tallies) this.addLatency(stage, tally);
    }
    return stages;
  }

  takeAssignments({ stage }: Cohort): readonly AssignmentTally[] {
    const own = this.assignments.filter((each) => each.stage === stage);
    if (own.length > 0) this.assignments = this.assignments.filter((each) => each.stage !== stage);
    return own.sort((one, other) => one.allocation - other.allocation || one.share - other.share);
  }

  private thinned(group: Group, told: Comers['told']): Group {
    if (told.treatment === 1 && told.control === 1) return group;
    return {
      ...group,
      fresh: binomial(this.random, group.fresh, told.treatment),
      carried: binomial(this.random, group.carried, told.treatment),
      control: binomial(this.random, group.control, told.control),
    };
  }

  private badOf(group: Group, { chances }: Comers): (BadUnits | undefined)[] {
    const drawn: (BadUnits | undefined)[] = [];
    this.sameAs.forEach((first, index) => {
      const own = chances[index];
      if (own === undefined) drawn.push(undefined);
      else drawn.push(first < index ? drawn[first] : drawBad(this.random, group, own));
    });
    return drawn;
  }

  private enter(cohort: Cohort, group: Group, atMs: number): void {
    const { allocation, chance, fresh, carried, control } = group;
    cohort.counts.treatment += fresh + carried;
    cohort.counts.control += control;
    if (atMs <= cohort.enteredAtMs + this.telemetry.plan.reactionTimeMs) {
      while (cohort.early.length <= allocation) cohort.early.push(0);
      cohort.early[allocation] = (cohort.early[allocation] ?? 0) + fresh + carried + control;
    }
    const { stage } = cohort;
    if (stage < 0 || chance <= 0 || chance >= 1) return;
    this.assignments.push({ stage, allocation, share: chance, treatment: fresh, control });
  }

  private schedule(
    { allocation, shareBefore, fresh, carried, control }: Group,
    drawn: readonly (BadUnits | undefined)[],
    { stage, atMs }: Comers,
  ): void {
    const { telemetry } = this;
    telemetry.horizonsMs.forEach((horizonMs) => {
      const bad: Tally['bad'] = new Map();
      for (const [index, { id, horizonMs: of, kind }] of telemetry.hypotheses.entries()) {
        const own = drawn[index];
        // Outcomes are drawn as bad or not: a mean has no law to draw its values by.
        if (own === undefined || of !== horizonMs || kind === 'mean') continue;
        const treatment = own.fresh + own.carried;
        bad.set(id, { treatment, control: own.control, carried: own.carried });
      }
      const units = { treatment: fresh + carried, control, carried };
      const tally = {
        allocation,
        shareBefore,
        horizonMs,
        units,
        bad,
        slowest: new Map(),
        slices: [],
      };
      const batch = Math.max(telemetry.openBatch, batchEndingAfter(telemetry, atMs + horizonMs));
      let stages = this.due.get(batch);
      if (stages === undefined) this.due.set(batch, (stages = new Map<number, Tally[]>()));
      const waiting = stages.get(stage);
      if (waiting === undefined) stages.set(stage, [tally]);
      else waiting.push(tally);
    });
  }

  /** What `recordTallies` keeps of values, drawn as histograms where they are asked for. */
  private addLatency(stage: number, { horizonMs, units }: Tally): void {
    if (this.parts.length === 0 || stage < -1) return;
    const { baseline, control } = this.telemetry;
    for (const metric of this.slowMetrics) {
      const key = latencyKey(metric, horizonMs);
      if (stage >= 0 && isEnough(baseline.latency.get(key) ?? [])) continue;
      const counts = stage < 0 ? baseline : control;
      let histogram = counts.latency.get(key);
      if (histogram === undefined) counts.latency.set(key, (histogram = []));
      this.drawLatency(histogram, units.control);
    }
  }

  private drawLatency(histogram: number[], units: number): void {
    const drawn = multinomial(
      this.random,
      units,
      this.parts.map(({ share }) => share),
    );
    for (const [at, { bucket }] of this.parts.entries()) {
      while (histogram.length <= bucket) histogram.push(0);
      histogram[bucket] = (histogram[bucket] ?? 0) + (drawn[at] ?? 0);
    }
  }
}

function addExtra(sums: number[], bad: readonly (BadUnits | undefined)[]): void {
  bad.forEach((each, index) => (sums[index] = (sums[index] ?? 0) + (each?.extra ?? 0)));
}

function isEnough(counts: readonly number[]): boolean {
  let units = 0;
  for (const count of counts) {
    units += count;
    if (units >= ENOUGH_UNITS) return true;
  }
  return false;
}
