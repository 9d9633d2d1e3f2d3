import type { ArmMoments } from '../../continuous/contrast.ts';
import { mergeMoments, type Moments, NO_MOMENTS } from '../../continuous/moments.ts';
import { requireFinite } from '../../error/require-figure.ts';
import { requireAtLeast, requireCount } from '../../error/require.ts';
import { type BatchPlace, placeOf } from '../batch-place.ts';
import type { JudgeState } from '../types.ts';

/** A closed batch of values of one stratum: every unit once, with its value within the horizon. */
export interface StratumMeans extends BatchPlace {
  readonly treatment: {
    /** Units that no earlier stage had in treatment. */
    readonly fresh: Moments;
    /** Those that one had: only starts of their own stage count them again. */
    readonly carried: Moments;
  };
  readonly control: Moments;
}

/**
 * Takes in one closed batch of one stratum of a mean, by the rules of `absorb`. A batch with an empty arm
 * adds to what is shown and to no evidence: else a silent treatment would be compared with what control did
 * in the meantime. Throws `JudgeInputError` for impossible moments or sums that overflow, a hypothesis that
 * is unknown or of another kind, or a stage that was not entered, and has then changed nothing.
 */
export function absorbMeans(state: JudgeState, batch: StratumMeans): void {
  const { fresh, carried } = batch.treatment;
  requireMoments('treatment.fresh', fresh);
  requireMoments('treatment.carried', carried);
  requireMoments('control', batch.control);
  const own = placeOf(state, batch, 'mean');
  const { stage, control } = batch;
  const key = `${stage}|${batch.stratum}`;
  const everyone: ArmMoments = { treatment: mergeMoments(fresh, carried), control };
  const freshOnly: ArmMoments = { treatment: fresh, control };
  const totals = merged(own.totals[key], everyone);
  requireMoments('treatment', totals.treatment);
  requireMoments('control', totals.control);
  own.totals[key] = totals;
  own.fresh[key] = merged(own.fresh[key], freshOnly);
  for (const { stage: startStage, process } of own.starts) {
    if (startStage > stage) continue;
    addTo(process.strata, key, startStage < stage ? freshOnly : everyone);
  }
  const isHealth = stage === state.stage && batch.harmOnly !== true;
  if (own.nonInferiority !== null && isHealth) addTo(own.nonInferiority.strata, key, everyone);
}

function addTo(strata: Record<string, ArmMoments>, key: string, arms: ArmMoments): void {
  if (arms.treatment.count === 0 || arms.control.count === 0) return;
  strata[key] = merged(strata[key], arms);
}

function merged(before: ArmMoments | undefined, { treatment, control }: ArmMoments): ArmMoments {
  return {
    treatment: mergeMoments(before?.treatment ?? NO_MOMENTS, treatment),
    control: mergeMoments(before?.control ?? NO_MOMENTS, control),
  };
}

function requireMoments(field: string, { count, mean, squaredDeviations }: Moments): void {
  requireCount(`${field}.count`, count);
  requireFinite(`${field}.mean`, mean);
  requireAtLeast(`${field}.squaredDeviations`, squaredDeviations, 0);
}
