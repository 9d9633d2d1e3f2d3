import { SERVICE_SLICE, slicesOf } from '../../plan/slices.ts';
import type { Tally } from './close-horizons.ts';
import type { Hypothesis } from './hypotheses.ts';
import { absorbSliceTally, judgeSlice, type StageBatch } from './judging.ts';
import { judgeNewValues } from './slice-dimension.ts';
import { type SliceTally, sliceTallies } from './slice-tallies.ts';
import type { RolloutTelemetry } from './types.ts';

/**
 * Hands the slices of a closed batch to the judge, after the tallies of all units. Values that are new begin
 * with this batch, the first that could show anything of them: what made them known is an exposure, or a
 * service's report.
 */
export function absorbSlices(
  telemetry: RolloutTelemetry,
  batch: StageBatch,
  tallies: readonly Tally[],
): void {
  introduceSlices(telemetry);
  absorbSliced(telemetry, batch, sliceTallies(telemetry.dimensions, tallies));
}

/** The same for units that count for one dimension's values alone. */
export function absorbSurplus(
  telemetry: RolloutTelemetry,
  batch: StageBatch & { readonly dimension: number },
  tallies: readonly Tally[],
): void {
  introduceSlices(telemetry);
  const attribute = telemetry.dimensions[batch.dimension]?.attribute;
  const sliced = sliceTallies(telemetry.dimensions, tallies);
  absorbSliced(
    telemetry,
    batch,
    sliced.filter(({ dimension }) => dimension === attribute),
  );
}

function absorbSliced(
  telemetry: RolloutTelemetry,
  batch: StageBatch,
  sliced: readonly SliceTally[],
): void {
  for (const hypothesis of telemetry.hypotheses) {
    for (const { dimension, value, tally } of sliced) {
      if (tally.horizonMs !== hypothesis.horizonMs || !isSliced(hypothesis, dimension)) continue;
      absorbSliceTally(telemetry, batch, { hypothesis: hypothesis.id, dimension, value, tally });
    }
  }
}

function introduceSlices(telemetry: RolloutTelemetry): void {
  for (const dimension of telemetry.dimensions) {
    const { attribute } = dimension;
    const slice = slicesOf(telemetry.plan).find((each) => each.attribute === attribute);
    const hypotheses = telemetry.hypotheses.filter((each) => isSliced(each, attribute));
    for (const { value } of judgeNewValues(dimension)) {
      const minimumSample = slice?.minimumSample ?? 0;
      judgeSlice(telemetry, hypotheses, { dimension: attribute, value, minimumSample });
    }
  }
}

/** A success is judged by its totals; what did not happen no service reported; requests have no units. */
function isSliced({ role, kind }: Hypothesis, dimension: string): boolean {
  if (role === 'success' || kind === 'requests') return false;
  return dimension !== SERVICE_SLICE || kind === 'bad' || kind === 'slow';
}
