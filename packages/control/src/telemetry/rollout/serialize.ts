import type { Moments } from '@downhaul/judge';
import type { Cohort, UnitRecord } from './cohort.ts';
import { schedule } from './cohort.ts';
import { timingOf } from './timing.ts';
import { horizonsOf } from './horizons.ts';
import { hypothesesOf, metricIndex } from './hypotheses.ts';
import { readingsOf } from './readings.ts';
import type { SyntheticUnit } from './synthetic-units.ts';
import type { ClosedCounts, RolloutTelemetry, Spread, TreatmentUse, UnitCounts } from './types.ts';

/** A rollout's telemetry as plain data. What the plan says again is drawn from it again. */
export interface SerializedRollout extends Omit<
  RolloutTelemetry,
  | 'hypotheses'
  | 'metrics'
  | 'horizonsMs'
  | 'readings'
  | 'cohorts'
  | 'baseline'
  | 'control'
  | 'spread'
  | 'left'
  | 'treatmentUse'
  | 'synthetic'
> {
  readonly cohorts: readonly SerializedCohort[];
  readonly baseline: SerializedCounts;
  readonly control: SerializedCounts;
  readonly spread: readonly (readonly [string, Spread])[];
  readonly left: readonly string[];
  readonly treatmentUse: readonly (readonly [string, TreatmentUse])[];
  readonly synthetic: {
    readonly stages: readonly (readonly [number, readonly (readonly [string, SyntheticUnit])[]])[];
    readonly beyond: number;
  };
}

interface SerializedCounts {
  readonly rates: readonly (readonly [string, UnitCounts])[];
  readonly latency: readonly (readonly [string, number[]])[];
  readonly means: readonly (readonly [string, Moments])[];
}

interface SerializedCohort extends Omit<Cohort, 'units' | 'due' | 'newcomers' | 'frozen'> {
  readonly frozen: Cohort['frozen'] | null;
  readonly units: readonly SerializedUnit[];
}

/**
 * unit, in treatment, allocation, first seen, horizons entered, marks (1 fresh, 2 contradicted, 4 early,
 * 8 treated before), share before, code of slices, outcomes, series.
 */
type SerializedUnit = readonly [
  string,
  0 | 1,
  number,
  number,
  number,
  number,
  number,
  number,
  number[],
  number[],
];

export function serializeRollout(telemetry: RolloutTelemetry): SerializedRollout {
  const { cohorts, baseline, control } = telemetry;
  return {
    ...withoutDerived(telemetry),
    cohorts: [...cohorts.values()].map(serializeCohort),
    baseline: serializeCounts(baseline),
    control: serializeCounts(control),
    spread: [...telemetry.spread],
    left: [...telemetry.left],
    treatmentUse: [...telemetry.treatmentUse],
    synthetic: {
      stages: [...telemetry.synthetic.stages].map(([stage, units]) => [stage, [...units]]),
      beyond: telemetry.synthetic.beyond,
    },
  };
}

function withoutDerived({
  hypotheses: _hypotheses,
  metrics: _metrics,
  horizonsMs: _horizons,
  readings: _readings,
  ...plain
}: RolloutTelemetry) {
  return plain;
}

function serializeCounts({ rates, latency, means }: ClosedCounts): SerializedCounts {
  return { rates: [...rates], latency: [...latency], means: [...means] };
}

function deserializeCounts({ rates, latency, means }: SerializedCounts): ClosedCounts {
  return { rates: new Map(rates), latency: new Map(latency), means: new Map(means) };
}

export function deserializeRollout(serialized: SerializedRollout): RolloutTelemetry {
  const { baseline, control } = serialized;
  const telemetry: RolloutTelemetry = {
    ...serialized,
    hypotheses: hypothesesOf(serialized.plan),
    metrics: metricIndex(serialized.plan),
    horizonsMs: horizonsOf(serialized.plan),
    readings: readingsOf(serialized.plan),
    cohorts: new Map(),
    baseline: deserializeCounts(baseline),
    control: deserializeCounts(control),
    spread: new Map(serialized.spread),
    left: new Set(serialized.left),
    treatmentUse: new Map(serialized.treatmentUse),
    synthetic: {
      stages: new Map(serialized.synthetic.stages.map(([stage, units]) => [stage, new Map(units)])),
      beyond: serialized.synthetic.beyond,
    },
  };
  for (const cohort of serialized.cohorts) {
    telemetry.cohorts.set(cohort.stage, deserializeCohort(cohort, telemetry));
  }
  return telemetry;
}

function serializeCohort({
  units,
  due: _d,
  newcomers: _n,
  frozen,
  ...plain
}: Cohort): SerializedCohort {
  return { ...plain, frozen: frozen ?? null, units: [...units.values()].map(serializeUnit) };
}

/** Lists by batch and of newcomers are drawn from the units: counts do not depend on their order. */
function deserializeCohort(serialized: SerializedCohort, telemetry: RolloutTelemetry): Cohort {
  const cohort: Cohort = {
    ...serialized,
    frozen: serialized.frozen ?? undefined,
    units: new Map(),
    due: new Map(),
    newcomers: [],
  };
  const timing = timingOf(telemetry);
  for (const unit of serialized.units) {
    const record = deserializeUnit(unit);
    cohort.units.set(record.unit, record);
    if (!cohort.open) continue;
    if (record.fresh) cohort.newcomers.push(record);
    schedule(cohort, record, timing);
  }
  return cohort;
}

function serializeUnit(record: UnitRecord): SerializedUnit {
  const marks =
    (record.fresh ? 1 : 0) +
    (record.contradicted ? 2 : 0) +
    (record.early ? 4 : 0) +
    (record.treatedBefore ? 8 : 0);
  return [
    record.unit,
    record.arm === 'treatment' ? 1 : 0,
    record.allocation,
    record.firstAtMs,
    record.entered,
    marks,
    record.shareBefore,
    record.slices,
    record.outcomes ?? [],
    record.series ?? [],
  ];
}

function deserializeUnit(serialized: SerializedUnit): UnitRecord {
  const [
    unit,
    treated,
    allocation,
    firstAtMs,
    entered,
    marks,
    shareBefore,
    slices,
    outcomes,
    series,
  ] = serialized;
  return {
    unit,
    arm: treated === 1 ? 'treatment' : 'control',
    allocation,
    firstAtMs,
    entered,
    fresh: (marks & 1) !== 0,
    contradicted: (marks & 2) !== 0,
    early: (marks & 4) !== 0,
    treatedBefore: (marks & 8) !== 0,
    shareBefore,
    slices,
    outcomes: outcomes.length === 0 ? undefined : outcomes,
    series: series.length === 0 ? undefined : series,
  };
}
