import type { RolloutTelemetry } from '../../telemetry/rollout/types.ts';
import { type Tally } from '../../telemetry/rollout/close-horizons.ts';
import { binomial, type Random } from '../random.ts';
import type { Arrival, ArmSeen } from './arrival.ts';

type Arm = 'treatment' | 'control';

/** Units that arrived together and whose horizons close together; the product keeps a record of each. */
interface Group {
  readonly stage: number;
  readonly horizonIndex: number;
  readonly seen: Record<Arm, { units: number; bad: number; latency: readonly number[] }>;
  readonly buckets: readonly number[];
}

/**
 * Stands for the unit records of the fold: the same units, counted instead of kept one by one. Where the
 * product would measure a slice of the units because there are too many, so does this, at random.
 */
export class UnitCounts {
  private readonly due = new Map<number, Group[]>();
  private kept = 0;
  private readonly telemetry: RolloutTelemetry;
  private readonly random: Random;
  private readonly maxUnits: number;

  constructor(telemetry: RolloutTelemetry, options: { random: Random; maxUnits: number }) {
    this.telemetry = telemetry;
    this.random = options.random;
    this.maxUnits = options.maxUnits;
  }

  /**
   * What `foldExposure` and `foldOutcome` do to the cohort of these units. Returns how many of each arm are
   * measured; undefined where their stage is over.
   */
  add(arrival: Arrival, arrivedAtMs: number): Record<Arm, number> | undefined {
    const { telemetry } = this;
    const cohort = telemetry.cohorts.get(arrival.stage);
    if (cohort === undefined || !cohort.open) {
      telemetry.dropped.closedStage += arrival.treatment.units + arrival.control.units;
      return undefined;
    }
    let taken = { treatment: 0, control: 0 };
    telemetry.plan.horizonsMs.forEach((horizonMs, horizonIndex) => {
      const batch = Math.max(telemetry.openBatch, this.batchOf(arrivedAtMs + horizonMs));
      const group = {
        stage: arrival.stage,
        horizonIndex,
        seen: {
          treatment: this.measured(arrival.treatment, horizonIndex),
          control: this.measured(arrival.control, horizonIndex),
        },
        buckets: arrival.control.buckets ?? [],
      };
      const waiting = this.due.get(batch);
      if (waiting === undefined) this.due.set(batch, [group]);
      else waiting.push(group);
      if (horizonIndex > 0) return;
      const { treatment, control } = group.seen;
      taken = { treatment: treatment.units, control: control.units };
      cohort.counts.treatment += treatment.units;
      cohort.counts.control += control.units;
      this.addEarly(cohort, arrivedAtMs, treatment.units + control.units);
    });
    this.narrow();
    return taken;
  }

  /** Groups that close now; those of one stage and horizon are one, whenever they arrived. */
  takeDue(batch: number): Group[] {
    const joined = new Map<string, Group>();
    for (const group of this.due.get(batch) ?? []) {
      const key = `${group.stage}/${group.horizonIndex}`;
      const known = joined.get(key);
      joined.set(key, known === undefined ? group : joinedOf(known, group));
    }
    this.due.delete(batch);
    return [...joined.values()];
  }

  /** What `closeHorizons` makes of the group. */
  tally({ seen, horizonIndex, buckets, stage }: Group): Tally {
    const { plan, hypotheses, cohorts } = this.telemetry;
    const bad: Tally['bad'] = new Map();
    let judgesLatency = false;
    for (const hypothesis of hypotheses) {
      if (hypothesis.horizonIndex !== horizonIndex) continue;
      if (hypothesis.kind !== 'slow') {
        bad.set(hypothesis.id, {
          treatment: seen.treatment.bad,
          control: seen.control.bad,
          carried: 0,
        });
        continue;
      }
      judgesLatency = true;
      const above = cohorts.get(stage)?.frozen?.hypotheses[hypothesis.id]?.latencyBucket;
      if (above === undefined) continue;
      const slow = (arm: Arm) =>
        sum(seen[arm].latency.filter((_, at) => (buckets[at] ?? 0) > above));
      bad.set(hypothesis.id, {
        treatment: slow('treatment'),
        control: slow('control'),
        carried: 0,
      });
    }
    const list = (arm: Arm) =>
      seen[arm].latency.flatMap((count, at) => Array<number>(count).fill(buckets[at] ?? 0));
    return {
      allocation: 0,
      // Every unit of a trace is new: none was in an arm before.
      shareBefore: 0,
      horizonMs: plan.horizonsMs[horizonIndex] ?? 0,
      units: { treatment: seen.treatment.units, control: seen.control.units, carried: 0 },
      bad,
      // Traces name no values to tell apart.
      slices: [],
      slowest: new Map(
        judgesLatency
          ? [['http.latency', { treatment: list('treatment'), control: list('control') }]]
          : [],
      ),
    };
  }

  private measured(arm: ArmSeen, horizonIndex: number): Group['seen'][Arm] {
    const { slice } = this.telemetry;
    const latency = arm.latency ?? [];
    const bad = arm.bad[horizonIndex] ?? 0;
    const whole = { units: arm.units, bad, latency };
    return slice === 0 ? whole : this.thinned(whole, 1 / 2 ** slice);
  }

  private thinned(group: Group['seen'][Arm], chance: number): Group['seen'][Arm] {
    const draw = (count: number) => binomial(this.random, count, chance);
    if (group.latency.length > 0) {
      const latency = group.latency.map(draw);
      return { units: sum(latency), bad: 0, latency };
    }
    const bad = draw(group.bad);
    return { units: bad + draw(group.units - group.bad), bad, latency: [] };
  }

  private addEarly(
    cohort: { readonly enteredAtMs: number; readonly early: number[] },
    atMs: number,
    units: number,
  ): void {
    if (atMs > cohort.enteredAtMs + this.telemetry.plan.reactionTimeMs) return;
    cohort.early[0] = (cohort.early[0] ?? 0) + units;
  }

  /** As `narrowSlice`: halves what is kept until it fits. */
  private narrow(): void {
    const { telemetry } = this;
    const kept = () => {
      this.kept = 0;
      for (const { counts } of telemetry.cohorts.values()) {
        this.kept += counts.control + counts.treatment;
      }
      return this.kept;
    };
    while (kept() > this.maxUnits) {
      telemetry.slice += 1;
      for (const cohort of telemetry.cohorts.values()) {
        cohort.counts.control = binomial(this.random, cohort.counts.control, 0.5);
        cohort.counts.treatment = binomial(this.random, cohort.counts.treatment, 0.5);
        cohort.early.forEach((early, at) => {
          cohort.early[at] = binomial(this.random, early, 0.5);
        });
      }
      for (const groups of this.due.values()) {
        for (const { seen } of groups) {
          seen.control = this.thinned(seen.control, 0.5);
          seen.treatment = this.thinned(seen.treatment, 0.5);
        }
      }
    }
  }

  private batchOf(atMs: number): number {
    const { rollout, plan } = this.telemetry;
    return Math.max(0, Math.ceil((atMs - rollout.startedAtMs) / plan.batchMs) - 1);
  }
}

function joinedOf(one: Group, other: Group): Group {
  const arm = (key: Arm) => ({
    units: one.seen[key].units + other.seen[key].units,
    bad: one.seen[key].bad + other.seen[key].bad,
    latency: one.seen[key].latency.map((count, at) => count + (other.seen[key].latency[at] ?? 0)),
  });
  return { ...one, seen: { treatment: arm('treatment'), control: arm('control') } };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
