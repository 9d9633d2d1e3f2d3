import { contrastVariance, type Contrast } from '../continuous/contrast.ts';
import { judgeMeans, type MeanEvidence } from '../continuous/judge-means.ts';
import type { MeanClaim } from '../continuous/information-time.ts';
import { mergePairedMoments, type PairedMoments, pairedMomentsOf } from '../continuous/cuped.ts';
import type { Null } from '../betting/bet.ts';
import { requireAtLeast } from '../error/require.ts';
import type { ArmEvents, EventBatch } from './rate-process.ts';

/** Batches that a stratum needs before the mean of their rates is treated as normal. */
export const LEAST_BATCHES = 40;

/** The rates of both arms over the batches of one stratum. */
export interface BatchRates {
  /** Pairs (treatment's rate, control's rate), one per batch. */
  readonly rates: PairedMoments;
  /** Sums over batches of 1 / exposure: what chance alone adds to the spread. */
  readonly inverseExposure: { readonly treatment: number; readonly control: number };
  /** Control's spread between neighbouring batches. */
  readonly neighbours: Neighbours;
}

/** Squared differences of control's rate between neighbouring batches, over (1 / exposure + 1 / exposure). */
interface Neighbours {
  readonly last: ArmEvents;
  readonly pairs: number;
  readonly squares: number;
}

/** State of the fallback for clustered events: plain data. */
export interface BatchMeanProcess {
  readonly strata: Record<string, BatchRates>;
}

export function createBatchMeans(): BatchMeanProcess {
  return { strata: {} };
}

/** Takes a closed batch in; one with an arm without exposure is skipped. Errors: `number_out_of_range`. */
export function absorbBatchRates(
  process: BatchMeanProcess,
  batch: EventBatch & { readonly stratum: string },
): void {
  const { treatment, control } = batch;
  for (const arm of ['treatment', 'control'] as const) {
    requireAtLeast(`${arm}.exposure`, batch[arm].exposure, 0);
    requireAtLeast(`${arm}.events`, batch[arm].events, 0);
  }
  if (treatment.exposure === 0 || control.exposure === 0) return;
  const before = process.strata[batch.stratum];
  const pair = onePair(treatment.events / treatment.exposure, control.events / control.exposure);
  process.strata[batch.stratum] = {
    rates: before === undefined ? pair : mergePairedMoments(before.rates, pair),
    inverseExposure: {
      treatment: (before?.inverseExposure.treatment ?? 0) + 1 / treatment.exposure,
      control: (before?.inverseExposure.control ?? 0) + 1 / control.exposure,
    },
    neighbours: nextNeighbours(before?.neighbours, control),
  };
}

/**
 * Evidence on rates when events come in clusters (retries, incidents): each batch gives one difference
 * D_j = rate_T - ratio rate_C - excess, and only the spread of these differences is believed. Incidents
 * that hit both arms cancel. Asymptotic in the number of batches and slow; the batches must be longer than
 * a cluster, for clusters that reach over many batches are still taken for independent.
 */
export function assessBatchMeans(
  process: BatchMeanProcess,
  options: MeanClaim & { readonly alpha: number; readonly null: Null },
): MeanEvidence {
  const strata = Object.entries(process.strata).map(([stratum, rates]) => ({
    stratum,
    contrast: contrastOfRates(rates, options.null),
  }));
  return judgeMeans(strata, options);
}

function contrastOfRates(
  { rates, inverseExposure, neighbours }: BatchRates,
  { ratio, excess }: Null,
): Contrast | { skipped: 'too_few_units' | 'no_spread' } {
  const batches = rates.count;
  if (batches < LEAST_BATCHES) return { skipped: 'too_few_units' };
  const deviations =
    rates.squaredDeviations -
    2 * ratio * rates.products +
    ratio * ratio * rates.squaredDeviationsBefore;
  const between = deviations / (batches - 1) / batches;
  const perExposure = Math.max(
    rates.mean,
    rates.meanBefore,
    neighbours.pairs === 0 ? 0 : neighbours.squares / neighbours.pairs,
  );
  // Clusters that are rare in a small arm have not shown their spread yet: at least that of control.
  const least = contrastVariance(
    { count: batches ** 2 / inverseExposure.treatment, variance: perExposure },
    { count: batches ** 2 / inverseExposure.control, variance: perExposure },
    ratio,
  );
  const variance = Math.max(between, least);
  if (!(variance > 0)) return { skipped: 'no_spread' };
  return { difference: rates.mean - ratio * rates.meanBefore - excess, variance };
}

function nextNeighbours(before: Neighbours | undefined, control: ArmEvents): Neighbours {
  const last = { exposure: control.exposure, events: control.events };
  if (before === undefined) return { last, pairs: 0, squares: 0 };
  const apart = last.events / last.exposure - before.last.events / before.last.exposure;
  return {
    last,
    pairs: before.pairs + 1,
    squares: before.squares + (apart * apart) / (1 / last.exposure + 1 / before.last.exposure),
  };
}

function onePair(rate: number, controlRate: number): PairedMoments {
  return pairedMomentsOf({
    count: 1,
    sum: rate,
    squares: rate * rate,
    sumBefore: controlRate,
    squaresBefore: controlRate * controlRate,
    products: rate * controlRate,
  });
}
