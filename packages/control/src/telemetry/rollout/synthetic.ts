import type { ActivityItem, ExposureItem, OutcomeItem } from '@downhaul/engine';
import { type PendingOutcome, pendingOf } from '../outcome/pending.ts';
import { isPossible, noteUse, type ReportSource } from './fold-report.ts';
import { isExcluded } from './excluded.ts';
import type { SyntheticUnit, SyntheticUnits } from './synthetic-units.ts';
import type { RolloutTelemetry } from './types.ts';

/** Probes are few; a load test beyond this is told by the part of it that came first. */
const MAX_UNITS = 10_000;

/**
 * Takes a synthetic exposure into its own cohort. It changes no arm, baseline, sample ratio or sign of life;
 * but where it used treatment, treatment was used, and a rollback is not silent.
 */
export function foldSyntheticExposure(
  telemetry: RolloutTelemetry,
  item: ExposureItem,
  source: ReportSource,
): void {
  if (!isPossible(telemetry, item)) return;
  if (item.arm === 'treatment') noteUse(telemetry, item.atMs, source);
  if (isExcluded(telemetry, source.service, source.instance)) return;
  const { synthetic } = telemetry;
  const units = stageUnits(synthetic, item.stage);
  const known = units.get(item.unit);
  if (known !== undefined) {
    noteEarlier(known, item);
  } else if (sizeOf(synthetic) >= MAX_UNITS) {
    synthetic.beyond += 1;
    return;
  } else {
    units.set(item.unit, { arm: item.arm, firstAtMs: item.atMs });
  }
  for (const outcome of pendingOf(source.environment.syntheticPending, item.unit)) {
    if (isExcluded(telemetry, outcome.service, outcome.instance)) continue;
    noteFailure(telemetry, units.get(item.unit), outcome);
  }
}

/** Repeated evaluations: no sign of life, but a use of treatment where it was used. */
export function foldSyntheticActivity(
  telemetry: RolloutTelemetry,
  { arm, count, lastAtMs }: ActivityItem,
  source: ReportSource,
): void {
  if (arm === 'treatment' && count > 0) noteUse(telemetry, lastAtMs, source);
}

/** A failure of a synthetic unit, in every stage that has seen it. */
export function foldSyntheticOutcome(
  telemetry: RolloutTelemetry,
  item: OutcomeItem,
  { service, instance }: Pick<ReportSource, 'service' | 'instance'>,
): void {
  if (isExcluded(telemetry, service, instance)) return;
  for (const units of telemetry.synthetic.stages.values()) {
    noteFailure(telemetry, units.get(item.unit), item);
  }
}

function stageUnits({ stages }: SyntheticUnits, stage: number): Map<string, SyntheticUnit> {
  let units = stages.get(stage);
  if (units === undefined) stages.set(stage, (units = new Map<string, SyntheticUnit>()));
  return units;
}

function sizeOf({ stages }: SyntheticUnits): number {
  let size = 0;
  for (const units of stages.values()) size += units.size;
  return size;
}

/** In the same millisecond treatment comes first, as for people. */
function noteEarlier(known: SyntheticUnit, { arm, atMs }: ExposureItem): void {
  if (atMs > known.firstAtMs || (atMs === known.firstAtMs && arm !== 'treatment')) return;
  known.arm = arm;
  known.firstAtMs = atMs;
}

function noteFailure(
  telemetry: RolloutTelemetry,
  unit: SyntheticUnit | undefined,
  { metric, atMs, value, flag }: Omit<PendingOutcome, 'service'>,
): void {
  if (unit === undefined || value < 1 || atMs < unit.firstAtMs) return;
  if (flag !== undefined && flag !== telemetry.rollout.flag) return;
  const counts = telemetry.hypotheses.some(
    (each) => each.metric === metric && each.kind === 'bad' && each.role !== 'success',
  );
  if (counts) unit.failedAtMs = Math.min(unit.failedAtMs ?? Infinity, atMs);
}
