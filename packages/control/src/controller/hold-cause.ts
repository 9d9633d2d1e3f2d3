import { FRESHNESS_BATCHES } from '@downhaul/judge';
import { isTooLate } from '../evidence/late.ts';
import { serviceWorse, sharedWorse } from '../evidence/attribution.ts';
import { notFresh } from '../evidence/sources.ts';
import type { Evidence } from '../evidence/types.ts';
import { worstSampleRatio } from '../evidence/worst-sample-ratio.ts';
import type { Cause } from '../rollout/types.ts';
import { baselineUnits, isBaselineOpen, MIN_BASELINE_UNITS } from './baseline.ts';
import { judgingFailed } from './fault.ts';
import { firingBudgets } from './firing-budgets.ts';
import { lateText } from './sentences.ts';
import type { ControllerInput } from './types.ts';

/** Causes that the controller itself holds for, and releases when they are gone. */
export const HOLD_CODES: readonly string[] = [
  'judging_failed',
  'telemetry_missing',
  'telemetry_stale',
  'blind_both',
  'blind_treatment',
  'blind_control',
  'telemetry_late',
  'source_failing',
  'source_stale',
  'sample_ratio',
  'lost_instances',
  'above_ordinary',
  'shared_worse',
  'service_worse',
  'budget_burnt',
  'baseline_missing',
  'not_ready',
];

/** Why the rollout may not go on now; undefined where nothing forbids it. Unguarded plans need no telemetry. */
export function holdCause(input: ControllerInput): Cause | undefined {
  const { rollout, evidence, nowMs } = input;
  if (rollout.unguarded) return undefined;
  const failed = judgingFailed(input);
  if (failed !== undefined) return failed;
  if (evidence === undefined) {
    const limitMs = FRESHNESS_BATCHES * rollout.plan.batchMs;
    if (nowMs - rollout.stageEnteredAtMs <= limitMs) return undefined;
    return { code: 'telemetry_missing', text: 'No telemetry of this rollout has arrived.' };
  }
  return (
    sourceTrouble(evidence) ??
    blindness(evidence) ??
    lateness(evidence) ??
    comparability(evidence) ??
    aboveOrdinary(evidence) ??
    attributed(evidence) ??
    budgetBurnt(evidence) ??
    baselineMissing(input, evidence)
  );
}

/** A source that is silent or broken is no health, whatever else is fresh (invariant 5). */
function sourceTrouble({ sources }: Evidence): Cause | undefined {
  const troubled = notFresh(sources);
  if (troubled.length === 0) return undefined;
  const failing = troubled.some(({ state }) => state === 'failing');
  const text = troubled.map((source) => source.text ?? source.metric).join(' ');
  return { code: failing ? 'source_failing' : 'source_stale', text };
}

function lateness(evidence: Evidence): Cause | undefined {
  if (!isTooLate(evidence)) return undefined;
  return { code: 'telemetry_late', text: lateText(evidence) };
}

function blindness({ freshness, stale }: Evidence): Cause | undefined {
  if (stale)
    return { code: 'telemetry_stale', text: 'Telemetry batches have stopped being closed.' };
  switch (freshness) {
    case 'fresh':
      return undefined;
    case 'blind:both':
      return { code: 'blind_both', text: 'No fresh telemetry arrives.' };
    case 'blind:treatment':
      return { code: 'blind_treatment', text: 'No fresh telemetry arrives from treatment.' };
    case 'blind:control':
      return { code: 'blind_control', text: 'No fresh telemetry arrives from control.' };
  }
}

function comparability({
  assessment,
  slicedSampleRatio,
  lostInstances,
}: Evidence): Cause | undefined {
  if (assessment.srm.alarm) {
    const { treatmentDeficit, where } = worstSampleRatio(assessment, slicedSampleRatio);
    const direction = treatmentDeficit > 0 ? 'fewer' : 'more';
    const text = `The arms are no fair sample: treatment has ${direction} units than its share${where}.`;
    return { code: 'sample_ratio', text };
  }
  if (!lostInstances.excess) return undefined;
  const text = `${lostInstances.names.length} instances vanished without goodbye, more than before the rollout.`;
  return { code: 'lost_instances', text };
}

/** With everyone treated: the feature may be why or the service, and nobody can know. */
function aboveOrdinary({ wholeStage }: Evidence): Cause | undefined {
  const exceeded = wholeStage?.exceeded ?? [];
  if (exceeded.length === 0) return undefined;
  const text = `With everyone in treatment the rate is above what an ordinary day does: ${exceeded.join(', ')}. The feature may be why, or the service: without a control nobody can know. If it lasts for an hour and a half it is rolled back.`;
  return { code: 'above_ordinary', text };
}

/**
 * Control is worse than the baseline allows: because of the share, where the plan holds for it, or because of
 * the service. People of the service are to be called; the feature waits.
 */
function attributed({ attribution }: Evidence): Cause | undefined {
  for (const [code, worse] of [
    ['shared_worse', sharedWorse(attribution)],
    ['service_worse', serviceWorse(attribution)],
  ] as const) {
    const [first] = worse;
    if (first === undefined) continue;
    const names = worse.map(({ hypothesis }) => hypothesis).join(', ');
    return { code, text: `${names}: ${first.text}.` };
  }
  return undefined;
}

function budgetBurnt(evidence: Evidence): Cause | undefined {
  const firing = firingBudgets(evidence, 'hold');
  if (firing.length === 0) return undefined;
  return { code: 'budget_burnt', text: firing.map(({ text }) => text).join(' ') };
}

/** Only the first stage needs it from the baseline's window: later ones have a control arm. */
function baselineMissing({ rollout }: ControllerInput, evidence: Evidence): Cause | undefined {
  if (rollout.stage >= 0 || isBaselineOpen(rollout, evidence)) return undefined;
  const units = baselineUnits(evidence);
  if (units >= MIN_BASELINE_UNITS) return undefined;
  return {
    code: 'baseline_missing',
    text: `The baseline has counted ${units} units; ${MIN_BASELINE_UNITS} are needed to compare with.`,
  };
}
