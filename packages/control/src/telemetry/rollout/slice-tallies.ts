import { SERVICE_SLICE } from '../../plan/slices.ts';
import type { SliceDimension } from './slice-dimension.ts';
import type { Tally } from './close-horizons.ts';
import { stratumMoments } from './mean-values.ts';

/** What a batch adds of the units of one value, or of the outcomes that one service reported. */
export interface SliceTally {
  readonly dimension: string;
  readonly value: string;
  readonly tally: Pick<
    Tally,
    'allocation' | 'shareBefore' | 'horizonMs' | 'units' | 'bad' | 'means'
  >;
}

/**
 * A batch's tallies by slice, in the order of dimension, value and tally. An attribute's value counts its
 * own units. A service counts all units and the bad outcomes that it reported itself: none is a count too.
 */
export function sliceTallies(
  dimensions: readonly SliceDimension[],
  tallies: readonly Tally[],
): SliceTally[] {
  return dimensions.flatMap(({ attribute, values }, at) =>
    values.flatMap(({ value }, place) =>
      tallies.flatMap((tally) => {
        const counts = tally.slices[at]?.[place];
        if (counts === undefined) return [];
        const units = attribute === SERVICE_SLICE ? tally.units : counts.units;
        return [
          {
            dimension: attribute,
            value,
            tally: { ...tally, units, bad: counts.bad, means: stratumMoments(counts.values) },
          },
        ];
      }),
    ),
  );
}
