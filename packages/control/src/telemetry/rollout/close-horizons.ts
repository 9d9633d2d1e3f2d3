import { type Claim, claimsAt, isBad, worstOf } from './claim.ts';
import { type Cohort, schedule } from './cohort.ts';
import type { UnitRecord } from './units/unit-record.ts';
import { addSteps } from './funnel-steps.ts';
import { addFigure, type MeanValues, type StratumMoments, stratumMoments } from './mean-values.ts';
import { SliceCounting, type SlicedCounts } from './slice-counts.ts';
import type { SliceDimension } from './slice-dimension.ts';
import { addUnit, noUnits, type StratumUnits } from './stratum-units.ts';
import { timingOf } from './timing.ts';
import { countHarm } from './harm-told.ts';
import type { RolloutTelemetry, StepCounts } from './types.ts';
import { meanFigure, stepsTaken } from './unit-figure.ts';

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
  /** The largest bucket of every unit in both arms, by metric that is judged by a quantile. */
  readonly slowest: ReadonlyMap<string, ArmBuckets>;
  /** Units by steps taken, by hypothesis that judges a funnel. */
  readonly funnels?: ReadonlyMap<string, StepCounts>;
}

interface ArmBuckets {
  readonly control: number[];
  readonly treatment: number[];
}

interface Counting extends Pick<
  Tally,
  'allocation' | 'shareBefore' | 'horizonMs' | 'units' | 'bad'
> {
  readonly slices: SliceCounting;
  readonly values: Map<string, MeanValues>;
  readonly slowest: Map<string, ArmBuckets>;
  readonly funnels: Map<string, StepCounts>;
}

interface Closing {
  /** By horizon. */
  readonly claims: readonly (readonly Claim[])[];
  readonly counted: Map<string, Counting>;
  /** None where nobody is compared, as in a baseline. */
  readonly dimensions: readonly SliceDimension[];
  /** Number of metrics: the step between the outcomes of one service and the next. */
  readonly metrics: number;
  /** Notes who told that a unit is bad; absent where nobody is judged by it. */
  readonly told?: (claim: Claim, record: UnitRecord, horizonMs: number) => void;
}

/**
 * Takes every unit of the cohort whose horizons ended by `endMs` and counts it once per horizon. The
 * tallies come in the order of horizon and stratum.
 */
export function closeHorizons(
  telemetry: RolloutTelemetry,
  cohort: Cohort,
  { batch, endMs }: { readonly batch: number; readonly endMs: number },
): Tally[] {
  const { horizonsMs } = telemetry;
  const timing = timingOf(telemetry);
  const closing: Closing = {
    claims: horizonsMs.map((horizonMs) => claimsAt(telemetry, cohort, horizonMs)),
    counted: new Map(),
    dimensions: cohort.stage < 0 ? [] : telemetry.dimensions,
    metrics: telemetry.metrics.size,
    ...toldIn(telemetry, cohort),
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
    if (record.entered === horizonsMs.length) {
      record.outcomes = undefined;
      record.series = undefined;
    } else schedule(cohort, record, timing);
  }
  return [...closing.counted.values()]
    .map(tallyOf)
    .sort(
      (one, other) =>
        one.horizonMs - other.horizonMs ||
        one.allocation - other.allocation ||
        one.shareBefore - other.shareBefore,
    );
}

/** In a stage the shortest horizon of each claim says who told of harm, for all units that are judged. */
function toldIn(telemetry: RolloutTelemetry, cohort: Cohort): Pick<Closing, 'told'> {
  if (cohort.stage < 0 || telemetry.cohorts.get(cohort.stage) !== cohort) return {};
  const shortest = new Set(
    telemetry.hypotheses
      .filter(({ role, horizonIndex }) => role !== 'success' && horizonIndex === 0)
      .map(({ id }) => id),
  );
  return {
    told: (claim, record, horizonMs) => {
      if (shortest.has(claim.id)) countHarm(telemetry, claim, { record, horizonMs });
    },
  };
}

function takeDue(cohort: Cohort, batch: number): UnitRecord[] {
  const due: UnitRecord[] = [];
  for (const [dueBatch, rows] of cohort.due) {
    if (dueBatch > batch) continue;
    for (const row of rows) due.push(cohort.units.at(row));
    cohort.due.delete(dueBatch);
  }
  return due;
}

function count(closing: Closing, record: UnitRecord, horizonMs: number): void {
  const counting = countingOf(closing, record, horizonMs);
  addUnit(counting.units, record);
  counting.slices.unit(record);
  const scope = { horizonMs, metrics: closing.metrics };
  const slowest = new Set<string>();
  for (const claim of closing.claims[record.entered] ?? []) {
    if (claim.kind === 'mean') {
      countFigure(counting, claim, record);
      continue;
    }
    const isBadUnit = countShare(counting, claim, { record, scope });
    if (isBadUnit) closing.told?.(claim, record, horizonMs);
    if (claim.definition?.kind === 'funnel') countSteps(counting, claim, record);
    if (claim.kind !== 'slow' || slowest.has(claim.name)) continue;
    slowest.add(claim.name);
    bucketsOf(counting.slowest, claim.name)[record.arm].push(worstOf(claim, record, scope));
  }
}

/** A unit that is bad or not; true where it is, by an outcome that somebody told. */
function countShare(
  { bad: counted, slices }: Counting,
  claim: Claim,
  { record, scope }: { readonly record: UnitRecord; readonly scope: Parameters<typeof isBad>[2] },
): boolean {
  const bad = isBad(claim, record, scope);
  if (bad === undefined) return false;
  let counts = counted.get(claim.id);
  if (counts === undefined) counted.set(claim.id, (counts = noUnits()));
  if (bad) addUnit(counts, record);
  slices.outcome(record, claim.id, bad);
  if (claim.kind !== 'bad' && claim.kind !== 'slow') return false;
  slices.ofServices(
    record,
    claim.id,
    (service) => isBad(claim, record, { ...scope, service }) === true,
  );
  return bad;
}

/** A unit that adds to a mean. */
function countFigure({ values, slices, horizonMs }: Counting, claim: Claim, record: UnitRecord) {
  const { id, metric, definition } = claim;
  if (definition === undefined) return;
  const figure = meanFigure(record, { metric, definition }, horizonMs);
  if (figure === undefined) return;
  addFigure(values, id, { record, figure });
  slices.figure(record, id, figure);
}

function countSteps({ funnels, horizonMs }: Counting, claim: Claim, record: UnitRecord): void {
  const { id, metric, definition } = claim;
  if (definition === undefined) return;
  const taken = stepsTaken(record, { metric, definition }, horizonMs);
  addSteps(funnels, id, { record, taken, steps: definition.steps?.length ?? 0 });
}

function bucketsOf(slowest: Map<string, ArmBuckets>, metric: string): ArmBuckets {
  let buckets = slowest.get(metric);
  if (buckets === undefined) slowest.set(metric, (buckets = { control: [], treatment: [] }));
  return buckets;
}

function countingOf(
  { counted, dimensions }: Closing,
  { allocation, shareBefore }: UnitRecord,
  horizonMs: number,
): Counting {
  const key = `${horizonMs}/${allocation}/${shareBefore}`;
  let counting = counted.get(key);
  if (counting === undefined) {
    counting = {
      allocation,
      shareBefore,
      horizonMs,
      units: noUnits(),
      bad: new Map<string, StratumUnits>(),
      slices: new SliceCounting(dimensions),
      values: new Map(),
      slowest: new Map(),
      funnels: new Map(),
    };
    counted.set(key, counting);
  }
  return counting;
}

function tallyOf({ slices, values, ...counts }: Counting): Tally {
  return { ...counts, slices: slices.finish(), means: stratumMoments(values) };
}
