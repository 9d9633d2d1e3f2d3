import { lastChangeLogE } from '@downhaul/judge';
import { attributionAlpha } from '../telemetry/context/attributing.ts';
import { ordinaryLimit, ordinaryMove } from '../telemetry/context/ordinary.ts';
import { QUARTER_MS } from '../telemetry/context/whole-figures.ts';
import type { Quarter, WholeFigures } from '../telemetry/context/types.ts';
import { hasControlArm } from '../telemetry/rollout/history.ts';
import type { Hypothesis } from '../telemetry/rollout/hypotheses.ts';
import { pooled } from '../telemetry/rollout/leaving-baseline.ts';
import type { RolloutTelemetry, UnitCounts } from '../telemetry/rollout/types.ts';
import type { WholeStageEvidence, WholeThreshold } from './types.ts';

const BATCHES = 5;
const DEVIATIONS = 5;
const MIN_UNITS = 30;
const MIN_BAD = 3;
/** Quarters of an hour in a row that an incident does not last; one of 45 minutes touches four. */
const LASTING_QUARTERS = 6;
/** A quarter of an hour tells more than five batches of a minute. */
const QUARTER_DEVIATIONS = 4;

/**
 * With everyone treated there is nobody to compare with (settled question 1), so no alpha is claimed. Asked
 * is what control did last, before the raise, and how far a rate moves by itself since then:
 * - `raised`: the rate moved with the raise itself (`lastChangeLogE`): nothing but the raise begins with it.
 * - `exceeded`: the last five batches, or the last quarter of an hour, are above what the margin and an ordinary move allow. The feature may be
 *   why, or the service: nobody can know, so it holds and alerts.
 * - `lasting`: that has been so in each of the last six quarters of an hour. No ordinary day and few incidents do that.
 * Undefined where some unit is in control.
 */
export function wholeStageEvidence(telemetry: RolloutTelemetry): WholeStageEvidence | undefined {
  const { rollout } = telemetry;
  const serves =
    rollout.stage >= 0 && rollout.status !== 'rolledBack' && rollout.status !== 'ended';
  if (!serves || hasControlArm(rollout.allocations)) return undefined;
  const thresholds = telemetry.hypotheses
    .filter(({ role, byRequest }) => role === 'guardrail' && byRequest !== 'value')
    .flatMap((hypothesis) => thresholdOf(telemetry, hypothesis) ?? []);
  const named = (is: (threshold: WholeThreshold) => boolean) =>
    thresholds.filter(is).map(({ hypothesis }) => hypothesis);
  return {
    batches: BATCHES,
    thresholds,
    raised: named(({ raise }) => raise !== undefined && raise.logE >= raise.limit),
    lasting: named(({ lasting }) => lasting),
    exceeded: named(({ exceeded }) => exceeded),
  };
}

function thresholdOf(
  telemetry: RolloutTelemetry,
  hypothesis: Hypothesis,
): WholeThreshold | undefined {
  const { id } = hypothesis;
  const figures = telemetry.context.whole[id];
  if (figures === undefined) return undefined;
  const { stage } = telemetry.rollout;
  const last = pooled(telemetry.recent.slice(-BATCHES), id, (of) => of === stage);
  const at = { atMs: telemetry.closedThroughMs, deviations: DEVIATIONS, batches: BATCHES };
  const { limit, from } = limitOf(telemetry, hypothesis, { ...at, units: last.units });
  const raise = raiseOf(telemetry, id);
  const closed = closedQuarters(telemetry, figures);
  const newest = closed.at(-1);
  return {
    hypothesis: id,
    ...last,
    limit,
    limitFrom: from,
    reference: figures.reference,
    exceeded:
      isAbove(last, limit) ||
      (newest !== undefined && isQuarterAbove(telemetry, hypothesis, newest)),
    lasting: isLasting(telemetry, hypothesis, closed),
    ...(raise === undefined ? {} : { raise }),
  };
}

interface LimitAt {
  readonly atMs: number;
  readonly units: number;
  readonly batches: number;
  readonly deviations: number;
}

/**
 * What an ordinary move allows of the reference's rate, plus so many standard deviations of chance: in what is
 * judged, in the reference, and in what varied between batches of the control arm before.
 */
function limitOf(
  telemetry: RolloutTelemetry,
  { id, metric, kind }: Hypothesis,
  { atMs, units, batches, deviations }: LimitAt,
): { readonly limit: number; readonly from: 'earlierDays' | 'assumed' } {
  const reference = telemetry.context.whole[id]?.reference;
  const frozen = telemetry.rollout.frozen?.hypotheses[id];
  if (reference === undefined || frozen === undefined) return { limit: 1, from: 'assumed' };
  const { factor, from } = ordinaryMove(telemetry.context.earlier[metric], {
    fromMs: reference.atMs,
    toMs: atMs,
    rises: kind !== 'missing',
  });
  const rate = reference.bad / reference.units;
  const tolerated = ordinaryLimit(kind, rate, { null: frozen.harmNull, factor });
  const chance = (tolerated * (1 - tolerated)) / Math.max(1, units);
  // Half a bad outcome more: none among a few units is no certainty.
  const guess = (reference.bad + 0.5) / (reference.units + 1);
  const uncertain = (guess * (1 - guess) * factor ** 2) / reference.units;
  const variance = chance + uncertain + betweenBatches(telemetry, id) / Math.max(1, batches);
  return { limit: Math.min(1, tolerated + deviations * Math.sqrt(variance)), from };
}

/** The quarters of an hour that are over, the newest last. */
function closedQuarters(
  { closedThroughMs, rollout, plan }: RolloutTelemetry,
  { quarters }: WholeFigures,
): readonly Quarter[] {
  const passed = (closedThroughMs - rollout.stageEnteredAtMs) / Math.max(QUARTER_MS, plan.batchMs);
  return quarters.filter(({ index }) => index + 1 <= passed);
}

function isQuarterAbove(
  telemetry: RolloutTelemetry,
  hypothesis: Hypothesis,
  quarter: Quarter,
): boolean {
  const at = { atMs: quarter.endMs, deviations: QUARTER_DEVIATIONS, ...quarter };
  return isAbove(quarter, limitOf(telemetry, hypothesis, at).limit);
}

function isLasting(
  telemetry: RolloutTelemetry,
  hypothesis: Hypothesis,
  closed: readonly Quarter[],
): boolean {
  const last = closed.slice(-LASTING_QUARTERS);
  const [first] = last;
  if (first === undefined || last.length < LASTING_QUARTERS) return false;
  if ((last.at(-1)?.index ?? 0) - first.index !== LASTING_QUARTERS - 1) return false;
  return last.every((quarter) => isQuarterAbove(telemetry, hypothesis, quarter));
}

function isAbove({ units, bad }: UnitCounts, limit: number): boolean {
  return units >= MIN_UNITS && bad >= MIN_BAD && bad / units > limit;
}

function raiseOf(telemetry: RolloutTelemetry, id: string): WholeThreshold['raise'] {
  const state = telemetry.context.attribution[id];
  if (state === undefined || state.stage !== telemetry.rollout.stage) return undefined;
  const { service } = state.process;
  if (service.change?.raised !== true) return undefined;
  return { logE: lastChangeLogE(service), limit: -Math.log(attributionAlpha(telemetry)) };
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
