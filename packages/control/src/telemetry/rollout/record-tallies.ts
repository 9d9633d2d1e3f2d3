import type { Tally } from './close-horizons.ts';
import type { Cohort } from './cohort.ts';
import { recordSteps } from './funnel-steps.ts';
import { BASELINE_STAGE, RECOVERY_STAGE } from './history.ts';
import { latencyKey } from './hypotheses.ts';
import { addMean, meanCells } from './record-means.ts';
import type { BatchCell, ClosedBatch, ClosedCounts, RolloutTelemetry } from './types.ts';

/** What a batch added, all strata together. */
type Recorded = Pick<ClosedBatch, 'cells' | 'means'>;

/** Adds a batch to the counts that outlive it, and returns it as cells. */
export function recordTallies(
  telemetry: RolloutTelemetry,
  cohort: Cohort,
  tallies: readonly Tally[],
): Recorded {
  const cells = cellsOf(telemetry, cohort, tallies);
  const means = meanCells(cohort.stage, tallies);
  if (cohort.stage === RECOVERY_STAGE) return { cells, means };
  const counts = cohort.stage === BASELINE_STAGE ? telemetry.baseline : telemetry.control;
  recordCells(telemetry, counts, cells);
  for (const cell of means) addMean(counts, cell);
  for (const tally of tallies) {
    addLatency(counts, tally);
    addFunnels(telemetry, cohort.stage, tally);
  }
  return { cells, means };
}

function addFunnels(telemetry: RolloutTelemetry, stage: number, tally: Tally): void {
  const { control, treatment } = tally.units;
  for (const [hypothesis, reached] of tally.funnels ?? []) {
    recordSteps(telemetry, { hypothesis, stage }, { units: { control, treatment }, reached });
  }
}

/** Adds the cells of a batch to the counts that outlive it. */
export function recordCells(
  telemetry: RolloutTelemetry,
  counts: ClosedCounts,
  cells: readonly BatchCell[],
): void {
  for (const cell of cells) {
    addRate(counts, cell);
    addSpread(telemetry, cell);
  }
}

function cellsOf(
  telemetry: RolloutTelemetry,
  cohort: Cohort,
  tallies: readonly Tally[],
): BatchCell[] {
  if (tallies.length === 0) return [];
  const cells = new Map<string, BatchCell>();
  for (const { units, bad } of tallies) {
    for (const [hypothesis, counts] of bad) {
      let cell = cells.get(hypothesis);
      if (cell === undefined) {
        cell = {
          stage: cohort.stage,
          hypothesis,
          treatment: { units: 0, bad: 0 },
          control: { units: 0, bad: 0 },
        };
        cells.set(hypothesis, cell);
      }
      cell.treatment.units += units.treatment;
      cell.treatment.bad += counts.treatment;
      cell.control.units += units.control;
      cell.control.bad += counts.control;
    }
  }
  const ordered: BatchCell[] = [];
  for (const { id } of telemetry.hypotheses) {
    const cell = cells.get(id);
    if (cell !== undefined) ordered.push(cell);
  }
  return ordered;
}

function addRate({ rates }: ClosedCounts, { hypothesis, control }: BatchCell): void {
  const rate = rates.get(hypothesis);
  if (rate === undefined) rates.set(hypothesis, { ...control });
  else {
    rate.units += control.units;
    rate.bad += control.bad;
  }
}

function addLatency({ latency }: ClosedCounts, { horizonMs, slowest }: Tally): void {
  for (const [metric, { control }] of slowest) {
    const key = latencyKey(metric, horizonMs);
    let histogram = latency.get(key);
    if (histogram === undefined) latency.set(key, (histogram = []));
    for (const bucket of control) {
      while (histogram.length <= bucket) histogram.push(0);
      histogram[bucket] = (histogram[bucket] ?? 0) + 1;
    }
  }
}

/** Batches of a handful of units say more about chance than about the day: they are left out. */
const MIN_UNITS_FOR_SPREAD = 20;

function addSpread(telemetry: RolloutTelemetry, { hypothesis, control }: BatchCell): void {
  if (control.units < MIN_UNITS_FOR_SPREAD) return;
  let spread = telemetry.spread.get(hypothesis);
  if (spread === undefined) {
    spread = { batches: 0, rateSum: 0, rateSquareSum: 0, inverseUnitSum: 0 };
    telemetry.spread.set(hypothesis, spread);
  }
  const rate = control.bad / control.units;
  spread.batches += 1;
  spread.rateSum += rate;
  spread.rateSquareSum += rate * rate;
  spread.inverseUnitSum += 1 / control.units;
}
