import { absorbBatchRates } from '../../counts/batch-means.ts';
import { absorbDispersion } from '../../counts/overdispersion.ts';
import { absorbEvents, type ArmEvents, type EventBatch } from '../../counts/rate-process.ts';
import { requireAtLeast } from '../../error/require.ts';
import { type BatchPlace, ofKind, placeOf } from '../batch-place.ts';
import { addQuad } from '../quad-totals.ts';
import { addToRatio, ALL_STAGES, emptyRatioCounts } from '../ratio-counts.ts';
import type { JudgeState, RequestsProcess } from '../types.ts';

/** A closed batch of events of both arms, and the requests or seconds that they came from. */
export interface StratumRequests extends BatchPlace {
  readonly treatment: ArmEvents;
  readonly control: ArmEvents;
}

/**
 * Takes in one closed batch of one stratum of requests. A start judges its own stage alone: which requests
 * are of users who were in treatment before cannot be told, and theirs must not count in every stage anew.
 * Non-inferiority: the present stage, unless `harmOnly`. Throws `JudgeInputError` for impossible figures, a
 * hypothesis that is unknown or of another kind, or a stage that was not entered, and has then changed
 * nothing.
 */
export function absorbRequests(state: JudgeState, batch: StratumRequests): void {
  const { treatment, control, stage, stratum } = batch;
  requireEvents('treatment', treatment);
  requireEvents('control', control);
  const own = placeOf(state, batch, 'requests');
  const key = `${stage}|${stratum}`;
  const [nT, xT, nC, xC] = own.totals[key] ?? [0, 0, 0, 0];
  requireEvents('treatment', added({ exposure: nT, events: xT }, treatment));
  requireEvents('control', added({ exposure: nC, events: xC }, control));
  addQuad(own.totals, key, [
    treatment.exposure,
    treatment.events,
    control.exposure,
    control.events,
  ]);
  const told = {
    treatment: { units: treatment.exposure, bad: treatment.events },
    control: { units: control.exposure, bad: control.events },
  };
  addToRatio((own.ratios[String(stage)] ??= emptyRatioCounts()), told);
  addToRatio((own.ratios[ALL_STAGES] ??= emptyRatioCounts()), told);
  absorbDispersion(own.dispersion, control);
  for (const start of own.starts) {
    if (start.stage === stage) multiply(start.process, batch, key);
  }
  const isHealth = stage === state.stage && batch.harmOnly !== true;
  if (own.nonInferiority !== null && isHealth) multiply(own.nonInferiority, batch, key);
}

/**
 * Takes in a batch from before the rollout: how events come, one by one or in clusters, is then known before
 * the first of treatment, and so is the form of evidence. Throws like `absorbRequests`.
 */
export function absorbBaselineRequests(
  state: JudgeState,
  { hypothesis, control }: { readonly hypothesis: string; readonly control: ArmEvents },
): void {
  requireEvents('control', control);
  absorbDispersion(ofKind(state, hypothesis, 'requests').dispersion, control);
}

function multiply(process: RequestsProcess, { treatment, control }: EventBatch, key: string): void {
  absorbEvents(process.rate, { treatment, control });
  absorbBatchRates(process.batchMeans, { treatment, control, stratum: key });
}

function added(one: ArmEvents, other: ArmEvents): ArmEvents {
  return { exposure: one.exposure + other.exposure, events: one.events + other.events };
}

function requireEvents(field: string, { exposure, events }: ArmEvents): void {
  requireAtLeast(`${field}.exposure`, exposure, 0);
  requireAtLeast(`${field}.events`, events, 0);
}
