import { hasControlArm } from '../telemetry/rollout/history.ts';
import type { Hypothesis } from '../telemetry/rollout/hypotheses.ts';
import { pooled } from '../telemetry/rollout/leaving-baseline.ts';
import type { RolloutTelemetry } from '../telemetry/rollout/types.ts';
import type { FrozenHypothesis } from '../rollout/types.ts';
import type { WholeStageEvidence } from './types.ts';

const BATCHES = 5;
const DEVIATIONS = 5;
const MIN_UNITS = 30;
const MIN_BAD = 3;

/**
 * With everyone treated there is nobody to compare with. The rate of the last five batches is held
 * against the baseline's: limit = ratio x p0 + excess + 5 standard deviations, the variance made of
 * what varied between batches of the control arm (baseline and earlier stages), of chance in the
 * batches judged and of the baseline's own uncertainty. Undefined where some unit is in control.
 */
export function wholeStageEvidence(telemetry: RolloutTelemetry): WholeStageEvidence | undefined {
  const { rollout } = telemetry;
  const serves =
    rollout.stage >= 0 && rollout.status !== 'rolledBack' && rollout.status !== 'ended';
  if (!serves || hasControlArm(rollout.allocations)) return undefined;
  const thresholds = telemetry.hypotheses
    .filter(({ role, byRequest }) => role === 'guardrail' && byRequest !== 'value')
    .flatMap((hypothesis) => thresholdOf(telemetry, hypothesis) ?? []);
  const exceeded = thresholds.filter((each) => each.exceeded).map(({ hypothesis }) => hypothesis);
  return { batches: BATCHES, thresholds, exceeded };
}

function thresholdOf(telemetry: RolloutTelemetry, { id }: Hypothesis) {
  const frozen = telemetry.rollout.frozen?.hypotheses[id];
  if (frozen === undefined || frozen.baselineUnits === 0) return undefined;
  const { stage } = telemetry.rollout;
  const last = telemetry.recent.slice(-BATCHES);
  const { units, bad } = pooled(last, id, (of) => of === stage);
  const limit = limitOf(frozen, betweenBatches(telemetry, id) / BATCHES, units);
  const exceeded = units >= MIN_UNITS && bad >= MIN_BAD && bad / units > limit;
  return { hypothesis: id, units, bad, limit, exceeded };
}

function limitOf(frozen: FrozenHypothesis, betweenVariance: number, units: number): number {
  const { baselineRate, baselineUnits, harmNull } = frozen;
  const tolerated = Math.min(1, harmNull.ratio * baselineRate + harmNull.excess);
  const chance = (tolerated * (1 - tolerated)) / Math.max(1, units);
  const uncertain = (baselineRate * (1 - baselineRate) * harmNull.ratio ** 2) / baselineUnits;
  return tolerated + DEVIATIONS * Math.sqrt(betweenVariance + chance + uncertain);
}

/** Variance of the control arm's rate from batch to batch, less what chance alone explains. */
function betweenBatches(telemetry: RolloutTelemetry, id: string): number {
  const spread = telemetry.spread.get(id);
  if (spread === undefined || spread.batches < 2) return 0;
  const { batches, rateSum, rateSquareSum, inverseUnitSum } = spread;
  const mean = rateSum / batches;
  const variance = (rateSquareSum - batches * mean * mean) / (batches - 1);
  return Math.max(0, variance - (mean * (1 - mean) * inverseUnitSum) / batches);
}
