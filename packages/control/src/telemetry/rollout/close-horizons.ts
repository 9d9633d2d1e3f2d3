import type { Moments } from '@downhaul/judge';
import type { Cohort, UnitRecord } from './cohort.ts';
import { schedule } from './cohort.ts';
import { timingOf } from './timing.ts';
import type { Hypothesis } from './hypotheses.ts';
import type { RolloutTelemetry } from './types.ts';
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
  /** The slowest request of every unit in both arms, where latency is judged. */
  readonly slowest: { readonly control: number[]; readonly treatment: number[] } | undefined;
}

export interface StratumMoments {
  readonly control: Moments;
  /** Without, and of, those that an earlier stage had in treatment already. */
  readonly fresh: Moments;
  readonly carried: Moments;
}

interface StratumUnits {
  control: number;
  treatment: number;
  /** Those of treatment that an earlier stage had in treatment already. */
  carried: number;
}

interface Closing {
  /** By horizon. */
  readonly claims: readonly (readonly Claim[])[];
  /** Number of the latency metric, where the rollout keeps it. */
  readonly latency: number | undefined;
  readonly tallies: Map<string, Tally>;
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
  return [...closing.tallies.values()].sort(
    (one, other) =>
      one.horizonMs - other.horizonMs ||
      one.allocation - other.allocation ||
      one.shareBefore - other.shareBefore,
  );
}

function claimsAt(telemetry: RolloutTelemetry, cohort: Cohort, index: number): Claim[] {
  return telemetry.hypotheses
    .filter(({ horizonIndex }) => horizonIndex === index)
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

function count({ claims, latency, tallies }: Closing, record: UnitRecord, horizonMs: number): void {
  const ours = claims[record.entered] ?? [];
  const tally = tallyOf(tallies, { record, horizonMs, claims: ours });
  add(tally.units, record);
  for (const claim of ours) {
    const bad = isBad(record, claim, horizonMs);
    if (bad === undefined) continue;
    let counts = tally.bad.get(claim.id);
    if (counts === undefined) tally.bad.set(claim.id, (counts = noUnits()));
    if (bad) add(counts, record);
  }
  if (tally.slowest === undefined || latency === undefined) return;
  tally.slowest[record.arm].push(worstWithin(record, latency, horizonMs) ?? 0);
}

function noUnits(): StratumUnits {
  return { control: 0, treatment: 0, carried: 0 };
}

function add(units: StratumUnits, { arm, treatedBefore }: UnitRecord): void {
  units[arm] += 1;
  if (arm === 'treatment' && treatedBefore) units.carried += 1;
}

/** Whether the unit counts as bad under a claim; undefined where that cannot be told. */
function isBad(
  record: UnitRecord,
  { kind, metric, slowAbove }: Claim,
  horizonMs: number,
): boolean | undefined {
  if (kind === 'slow' && slowAbove === undefined) return undefined;
  const worst = worstWithin(record, metric, horizonMs) ?? 0;
  if (kind === 'slow') return worst > (slowAbove ?? 0);
  return kind === 'missing' ? worst < 1 : worst >= 1;
}

function tallyOf(
  tallies: Map<string, Tally>,
  of: {
    readonly record: UnitRecord;
    readonly horizonMs: number;
    readonly claims: readonly Claim[];
  },
): Tally {
  const { allocation, shareBefore } = of.record;
  const key = `${of.horizonMs}/${allocation}/${shareBefore}`;
  let tally = tallies.get(key);
  if (tally === undefined) {
    const judgesLatency = of.claims.some(({ kind }) => kind === 'slow');
    tally = {
      allocation,
      shareBefore,
      horizonMs: of.horizonMs,
      units: noUnits(),
      bad: new Map(),
      slowest: judgesLatency ? { control: [], treatment: [] } : undefined,
    };
    tallies.set(key, tally);
  }
  return tally;
}
