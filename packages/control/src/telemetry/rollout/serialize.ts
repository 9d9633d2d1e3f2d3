import type { JudgeState, Moments } from '@downhaul/judge';
import { sameJson } from '../../document/same-json.ts';
import { type Cohort, relist } from './cohort.ts';
import { RowList } from './units/row-list.ts';
import { type SerializedUnits, UnitTable } from './units/unit-table.ts';
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
  | 'surplus'
> {
  readonly cohorts: readonly SerializedCohort[];
  readonly surplus: {
    readonly levels: readonly number[];
    readonly cohorts: readonly SerializedCohort[];
  };
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
  readonly units: SerializedUnits;
}

export function serializeRollout(telemetry: RolloutTelemetry): SerializedRollout {
  const { cohorts, baseline, control } = telemetry;
  return {
    ...withoutDerived(telemetry),
    cohorts: [...cohorts.values()].map(serializeCohort),
    surplus: {
      levels: telemetry.surplus.levels,
      cohorts: [...telemetry.surplus.cohorts.values()].map(serializeCohort),
    },
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
    judge: withEndlessWeights(serialized.judge),
    hypotheses: hypothesesOf(serialized.plan),
    metrics: metricIndex(serialized.plan),
    horizonsMs: horizonsOf(serialized.plan),
    readings: readingsOf(serialized.plan),
    cohorts: new Map(),
    surplus: { levels: [...serialized.surplus.levels], cohorts: new Map() },
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
  for (const cohort of serialized.surplus.cohorts) {
    telemetry.surplus.cohorts.set(cohort.stage, deserializeCohort(cohort, telemetry));
  }
  return telemetry;
}

/** What earlier releases gave the first five stages, and the stages after them nothing. */
const FIVE_WEIGHTS = [0.5, 0.2, 0.15, 0.1, 0.05];

/**
 * The judge of a rollout that an earlier release started: from the fifth stage on, the weight that is not yet
 * put to work is shared without end. Where the fifth stage was entered already nothing is left to share.
 */
function withEndlessWeights(judge: JudgeState): JudgeState {
  const { startWeights } = judge.config;
  const isOld = startWeights !== undefined && sameJson(startWeights, FIVE_WEIGHTS);
  if (!isOld || judge.stage >= FIVE_WEIGHTS.length - 1) return judge;
  return { ...judge, config: { ...judge.config, startWeights: FIVE_WEIGHTS.slice(0, -1) } };
}

function serializeCohort({
  units,
  due: _due,
  newcomers: _newcomers,
  frozen,
  ...plain
}: Cohort): SerializedCohort {
  return { ...plain, frozen: frozen ?? null, units: units.serialize() };
}

function deserializeCohort(serialized: SerializedCohort, telemetry: RolloutTelemetry): Cohort {
  const cohort: Cohort = {
    ...serialized,
    frozen: serialized.frozen ?? undefined,
    units: UnitTable.deserialize(serialized.units),
    due: new Map(),
    newcomers: new RowList(),
  };
  relist(cohort, timingOf(telemetry));
  return cohort;
}
