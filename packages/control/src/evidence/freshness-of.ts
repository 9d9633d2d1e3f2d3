import type { Arm } from '@downhaul/engine';
import { FRESHNESS_BATCHES, freshness } from '@downhaul/judge';
import { armMetrics, judgesRequestsAlone } from '../telemetry/counted/judges.ts';
import { hasControlArm } from '../telemetry/rollout/history.ts';
import type { RolloutTelemetry } from '../telemetry/rollout/types.ts';
import { presentCohort } from './traffic.ts';
import type { Evidence } from './types.ts';

type FreshnessEvidence = Pick<Evidence, 'freshness' | 'quiet' | 'stale' | 'blindSinceMs'>;

/** Signs of life that must have been expected of an arm before its silence says anything. */
const MIN_EXPECTED_SIGNS = 30;
/** Units that must have been expected in an arm: without any, P(none) is below e^-10. */
const MIN_EXPECTED_UNITS = 10;

/**
 * Whether telemetry can be trusted to be there. Asked are arms with a share above zero; an arm is
 * heard by exposures, repeated evaluations and outcomes, and by outcomes alone where latency is
 * judged. One silent arm beside a live one counts as blind only where enough was expected of it: at
 * 1 % of little traffic five silent batches are the rule. Where every guardrail is counted by request,
 * those requests are the signs of life. Below that it is `quiet`, which advances
 * nothing either. Batches that stop being closed make both arms blind.
 */
export function freshnessOf(
  telemetry: RolloutTelemetry,
  nowMs: number,
  graceMs: number,
): FreshnessEvidence {
  const { batchMs } = telemetry.plan;
  const limitMs = FRESHNESS_BATCHES * batchMs;
  const asked = askedArms(telemetry);
  // What happened within the grace may still be on its way: nobody is called silent for that.
  const knownMs = nowMs - graceMs;
  if (knownMs - telemetry.closedThroughMs > limitMs + batchMs) {
    const blindSinceMs = telemetry.closedThroughMs + limitMs;
    return { freshness: 'blind:both', quiet: asked, stale: true, blindSinceMs };
  }
  const judged = freshness({
    nowMs: knownMs,
    batchMs,
    sinceMs: presentCohort(telemetry)?.enteredAtMs ?? telemetry.rollout.stageEnteredAtMs,
    arms: asked.map((arm) => ({
      arm,
      sharePerMillion: 1,
      lastUnitAtMs: lastHeardAtMs(telemetry, arm),
    })),
  });
  const quiet = quietArms(judged, asked);
  if (judged === 'fresh') return { freshness: judged, quiet, stale: false };
  if (judged !== 'blind:both' && !isTelling(telemetry, quiet, knownMs)) {
    return { freshness: 'fresh', quiet, stale: false };
  }
  const lastAtMs = Math.max(...quiet.map((arm) => lastHeardAtMs(telemetry, arm)));
  return { freshness: judged, quiet, stale: false, blindSinceMs: lastAtMs + limitMs };
}

function askedArms({ rollout }: RolloutTelemetry): Arm[] {
  const treated = rollout.allocations.some(({ sharePerMillion }) => sharePerMillion > 0);
  const arms: Arm[] = treated && rollout.status !== 'rolledBack' ? ['treatment'] : [];
  return hasControlArm(rollout.allocations) ? ['control', ...arms] : arms;
}

function quietArms(judged: Evidence['freshness'], asked: readonly Arm[]): readonly Arm[] {
  if (judged === 'fresh') return [];
  if (judged === 'blind:both') return asked;
  return [judged === 'blind:treatment' ? 'treatment' : 'control'];
}

function lastHeardAtMs(telemetry: RolloutTelemetry, arm: Arm): number {
  const { heard, outcomesHeard, hypotheses, counted } = telemetry;
  if (judgesRequestsAlone(telemetry)) {
    return Math.max(...armMetrics(counted).map(({ heardMs }) => heardMs[arm]));
  }
  const judgesLatency = hypotheses.some(
    ({ kind, role }) => kind === 'slow' && role === 'guardrail',
  );
  return judgesLatency
    ? Math.min(heard.lastAtMs[arm], outcomesHeard.lastAtMs[arm])
    : heard.lastAtMs[arm];
}

/** Whether so much was to be heard of the quiet arm, by the other one's measure, that its silence tells. */
function isTelling(telemetry: RolloutTelemetry, quiet: readonly Arm[], knownMs: number): boolean {
  const cohort = presentCohort(telemetry);
  const [arm] = quiet;
  if (cohort === undefined || arm === undefined) return false;
  const other = arm === 'treatment' ? 'control' : 'treatment';
  const treated = treatedShare(telemetry);
  const ratio = arm === 'treatment' ? treated / (1 - treated) : (1 - treated) / treated;
  const elapsedMs = Math.max(1, knownMs - cohort.enteredAtMs);
  const silentMs = knownMs - lastHeardAtMs(telemetry, arm);
  const expectedSigns = (signsOf(telemetry, other) / elapsedMs) * silentMs * ratio;
  if (judgesRequestsAlone(telemetry)) return expectedSigns >= MIN_EXPECTED_SIGNS;
  const expectedUnits = Math.max(cohort.counts[other] * ratio, cohort.counts[arm]);
  return expectedSigns >= MIN_EXPECTED_SIGNS && expectedUnits >= MIN_EXPECTED_UNITS;
}

/** Signs of life of an arm in the present stage: of units, or the requests that were counted. */
function signsOf(telemetry: RolloutTelemetry, arm: Arm): number {
  if (!judgesRequestsAlone(telemetry)) return telemetry.heard.signs[arm];
  return Math.max(...armMetrics(telemetry.counted).map(({ requests }) => requests[arm]));
}

/** The smallest share above zero: what the quietest stratum leads to expect, kept within (0, 1). */
function treatedShare({ rollout }: RolloutTelemetry): number {
  const shares = rollout.allocations
    .map(({ sharePerMillion }) => sharePerMillion / 1_000_000)
    .filter((share) => share > 0 && share < 1);
  return shares.length === 0 ? 0.5 : Math.min(...shares);
}
