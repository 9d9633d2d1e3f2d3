import type { Moments } from '@downhaul/judge';
import type { Cohort, UnitRecord } from './cohort.ts';
import { schedule } from './cohort.ts';
import { timingOf } from './timing.ts';
import type { Hypothesis } from './hypotheses.ts';
import type { RolloutTelemetry } from './types.ts';
import { SliceCounting, type SlicedCounts } from './slice-counts.ts';
import type { SliceDimension } from './slice-dimension.ts';
import { addUnit, noUnits, type StratumUnits } from './stratum-units.ts';
import { worstWithin } from './unit-outcomes.ts';

/** What a batch adds in one stratum at one horizon. */
export interface Tally {
  readonly allocation: number;
  /** The units' share before, see `seen-before.ts`: with the allocation it makes the stratum. */
  readonly shareBefore: number;
  readonly horizonMs: number;
  readonly units: StratumUnits;
  /** Units with a bad outcome, by hypothesis of this horizon. */
  readonly bad: Map<string, StratumUnits>;
  /** The units' values, by hypothesis that judges a mean at this horizon. */
  readonly means?: Map<string, StratumMoments>;
  /** The same by slice, where the plan tells any apart. */
  readonly slices: SlicedCounts;
  /** The slowest request of every unit in both arms, where latency is judged. */
  readonly slowest: { readonly control: number[]; readonly treatment: number[] } | undefined;
}

export interface StratumMoments {
  readonly control: Moments;
  /** Without, and of, those that an earlier stage had in treatment already. */
  readonly fresh: Moments;
  readonly carried: Moments;
}

interface Counting {
  readonly tally: Omit<Tally, 'slices'>;
  readonly slices: SliceCounting;
}

interface Closing {
  /** By horizon. */
  readonly claims: readonly (readonly Claim[])[];
  /** Number of the latency metric, where the rollout keeps it. */
  readonly latency: number | undefined;
  readonly tallies: Map<string, Counting>;
  /** None where nobody is compared, as in a baseline. */
  readonly dimensions: readonly SliceDimension[];
  /** Number of metrics: the step between the outcomes of one service and the next. */
  readonly metrics: number;
}

/** A hypothesis with what it needs of the cohort, looked up once per batch. */
interface Claim {
  readonly id: string;
  readonly kind: Hypothesis['kind'];
  readonly metric: number;
  /** Undefined where the stage froze no latency threshold: nothing can be counted then. */
  readonly slowAbove: number | undefined;
}

const LATENCY = 'http.latency';

/**
 * Takes every unit of the cohort whose horizons ended by `endMs` and counts it once per horizon. The
 * tallies come in the order of horizon and stratum.
 */
export function closeHorizons(
  telemetry: RolloutTelemetry,
  cohort: Cohort,
  { batch, endMs }: { readonly batch: number; readonly endMs: number },
): Tally[] {
  const { horizonsMs } = telemetry.plan;
  const timing = timingOf(telemetry);
  const closing: Closing = {
    claims: horizonsMs.map((_, index) => claimsAt(telemetry, cohort, index)),
    latency: telemetry.metrics.get(LATENCY),
    tallies: new Map(),
    dimensions: cohort.stage < 0 ? [] : telemetry.dimensions,
    metrics: telemetry.metrics.size,
  };
  for (const record of takeDue(cohort, batch)) {
    const before = record.entered;
    for (;;) {
      const horizonMs = horizonsMs[record.entered];
      if (horizonMs === undefined || record.firstAtMs + horizonMs > endMs) break;
      count(closing, record, horizonMs);
      record.entered += 1;
    }
    if (record.entered === before) continue;
    if (record.entered === horizonsMs.length) record.outcomes = undefined;
    else schedule(cohort, record, timing);
  }
  const tallies = [...closing.tallies.values()].map(({ tally, slices }) => ({
    ...tally,
    slices: slices.finish(),
  }));
  return tallies.sort(
    (one, other) =>
      one.horizonMs - other.horizonMs ||
      one.allocation - other.allocation ||
      one.shareBefore - other.shareBefore,
  );
}

function claimsAt(telemetry: RolloutTelemetry, cohort: Cohort, index: number): Claim[] {
  return telemetry.hypotheses
    .filter(({ horizonIndex, byRequest }) => horizonIndex === index && byRequest === undefined)
    .map(({ id, kind, metric }) => ({
      id,
      kind,
      metric: telemetry.metrics.get(metric) ?? -1,
      slowAbove: cohort.frozen?.hypotheses[id]?.latencyBucket,
    }));
}

function takeDue(cohort: Cohort, batch: number): UnitRecord[] {
  const due: UnitRecord[] = [];
  for (const [dueBatch, records] of cohort.due) {
    if (dueBatch > batch) continue;
    for (const record of records) due.push(record);
    cohort.due.delete(dueBatch);
  }
  return due;
}

function count(closing: Closing, record: UnitRecord, horizonMs: number): void {
  const { latency, metrics } = closing;
  const claims = closing.claims[record.entered] ?? [];
  const { tally, slices } = countingOf(closing, { record, horizonMs, claims });
  addUnit(tally.units, record);
  slices.unit(record);
  for (const claim of claims) {
    const series = { metric: claim.metric, metrics };
    const bad = isBad(claim, worstWithin(record, series, horizonMs));
    if (bad === undefined) continue;
    let counts = tally.bad.get(claim.id);
    if (counts === undefined) tally.bad.set(claim.id, (counts = noUnits()));
    if (bad) addUnit(counts, record);
    slices.outcome(record, claim.id, bad);
    if (claim.kind !== 'bad' && claim.kind !== 'slow') continue;
    slices.ofServices(record, claim.id, (service) => {
      return isBad(claim, worstWithin(record, { ...series, service }, horizonMs)) === true;
    });
  }
  if (tally.slowest === undefined || latency === undefined) return;
  tally.slowest[record.arm].push(worstWithin(record, { metric: latency, metrics }, horizonMs) ?? 0);
}

/** Whether a unit counts as bad under a claim, by its worst outcome; undefined where that cannot be told. */
function isBad({ kind, slowAbove }: Claim, worst = 0): boolean | undefined {
  if (kind === 'slow') return slowAbove === undefined ? undefined : worst > slowAbove;
  return kind === 'missing' ? worst < 1 : worst >= 1;
}

function countingOf(
  { tallies, dimensions }: Closing,
  of: {
    readonly record: UnitRecord;
    readonly horizonMs: number;
    readonly claims: readonly Claim[];
  },
): Counting {
  const { allocation, shareBefore } = of.record;
  const key = `${of.horizonMs}/${allocation}/${shareBefore}`;
  let counting = tallies.get(key);
  if (counting === undefined) {
    const judgesLatency = of.claims.some(({ kind }) => kind === 'slow');
    const tally = {
      allocation,
      shareBefore,
      horizonMs: of.horizonMs,
      units: noUnits(),
      bad: new Map<string, StratumUnits>(),
      slowest: judgesLatency ? { control: [], treatment: [] } : undefined,
    };
    counting = { tally, slices: new SliceCounting(dimensions) };
    tallies.set(key, counting);
  }
  return counting;
}
