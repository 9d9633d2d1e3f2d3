import type { Assessment, DimensionalSrm } from '@downhaul/judge';

interface SampleRatio {
  /** Share of the expected treatment units that are missing; negative where there are too many. */
  readonly treatmentDeficit: number;
  /** ` (platform=ios)`; empty for all units. */
  readonly where: string;
}

/**
 * What a sample ratio alarm is about: of those that would raise it alone, all units or the units of one
 * value, the one that lacks the largest share of its treatment units. All units where nothing does alone.
 */
export function worstSampleRatio(
  { srm }: Pick<Assessment, 'srm'>,
  sliced: DimensionalSrm | undefined,
): SampleRatio {
  const worst = sliced?.suspects.toSorted(
    (one, other) => other.treatmentDeficit - one.treatmentDeficit,
  )[0];
  if (worst === undefined || worst.dimension === '*') {
    return { treatmentDeficit: srm.treatmentDeficit, where: '' };
  }
  const { treatmentDeficit, dimension, value } = worst;
  return { treatmentDeficit, where: ` (${dimension}=${value})` };
}
