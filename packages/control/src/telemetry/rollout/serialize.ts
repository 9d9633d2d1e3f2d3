import type { Cohort, UnitRecord } from './cohort.ts';
import { schedule } from './cohort.ts';
import { timingOf } from './timing.ts';
import { hypothesesOf, metricIndex } from './hypotheses.ts';
import type { SyntheticUnit } from './synthetic-units.ts';
import type { RolloutTelemetry, Spread, TreatmentUse, UnitCounts } from './types.ts';

/** A rollout's telemetry as plain data. What the plan says again is drawn from it again. */
export interface SerializedRollout extends Omit<
  RolloutTelemetry,
  | 'hypotheses'
  | 'metrics'
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
  readonly latency: readonly (readonly [number, number[]])[];
}

interface SerializedCohort extends Omit<Cohort, 'units' | 'due' | 'newcomers' | 'frozen'> {
  readonly frozen: Cohort['frozen'] | null;
  readonly units: readonly SerializedUnit[];
}

/**
 * unit, in treatment, allocation, first seen, horizons entered, marks (1 fresh, 2 contradicted, 4 early,
 * 8 treated before), share before, code of slices, outcomes.
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
];

export function serializeRollout(telemetry: RolloutTelemetry): SerializedRollout {
  const { cohorts, baseline, control } = telemetry;
  return {
    ...withoutDerived(telemetry),
    cohorts: [...cohorts.values()].map(serializeCohort),
    baseline: { rates: [...baseline.rates], latency: [...baseline.latency] },
    control: { rates: [...control.rates], latency: [...control.latency] },
    spread: [...telemetry.spread],
    left: [...telemetry.left],
    treatmentUse: [...telemetry.treatmentUse],
    synthetic: {
      stages: [...telemetry.synthetic.stages].map(([stage, units]) => [stage, [...units]]),
      beyond: telemetry.synthetic.beyond,
    },
  };
}

function withoutDerived({ hypotheses: _h, metrics: _m, ...plain }: RolloutTelemetry) {
  return plain;
}

export function deserializeRollout(serialized: SerializedRollout): RolloutTelemetry {
  const { baseline, control } = serialized;
  const telemetry: RolloutTelemetry = {
    ...serialized,
    hypotheses: hypothesesOf(serialized.plan),
    metrics: metricIndex(serialized.plan),
    cohorts: new Map(),
    baseline: { rates: new Map(baseline.rates), latency: new Map(baseline.latency) },
    control: { rates: new Map(control.rates), latency: new Map(control.latency) },
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
  ];
}

function deserializeUnit(serialized: SerializedUnit): UnitRecord {
  const [unit, treated, allocation, firstAtMs, entered, marks, shareBefore, slices, outcomes] =
    serialized;
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
  };
}
