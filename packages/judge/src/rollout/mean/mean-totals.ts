import type { ArmMoments } from '../../continuous/contrast.ts';
import { differenceInterval, ratioInterval } from '../../continuous/interval.ts';
import { mergeMoments, type Moments, NO_MOMENTS } from '../../continuous/moments.ts';
import type { MeanTotals } from '../assessment.ts';
import { atStage } from '../at-stage.ts';
import { DISPLAY_ALPHA } from '../display-alpha.ts';
import { strataByStage } from '../quad-totals.ts';
import { hasNoSpread } from './no-spread.ts';
import type { MeanState } from '../types.ts';

/**
 * Means of both arms by stage, and of all stages together as stage -1. Bounds over all stages leave out
 * units that an earlier stage counted in treatment, as evidence does.
 */
export function meanTotals(own: MeanState): MeanTotals[] {
  const fresh = Object.values(own.fresh);
  return strataByStage(own.totals).map(([stage, strata]) => {
    const compared = (stage === -1 ? fresh : strata).filter(hasBothArms);
    const sharpest = { alpha: DISPLAY_ALPHA, sharpestAt: own.standardError };
    return {
      kind: 'mean',
      hypothesis: own.id,
      stage,
      ...(own.slice === null ? {} : { slice: own.slice }),
      worse: (atStage(own.margins, Math.max(0, stage)) ?? { worse: 'higher' as const }).worse,
      treatment: armOf(strata, 'treatment'),
      control: armOf(strata, 'control'),
      difference: differenceInterval(compared, sharpest),
      ratio: ratioInterval(compared, sharpest),
      ...(hasNoSpread(compared) ? { noSpread: true as const } : {}),
    };
  });
}

function hasBothArms({ treatment, control }: ArmMoments): boolean {
  return treatment.count > 0 && control.count > 0;
}

function armOf(strata: readonly ArmMoments[], arm: keyof ArmMoments) {
  const { count, mean } = strata.reduce<Moments>(
    (sum, each) => mergeMoments(sum, each[arm]),
    NO_MOMENTS,
  );
  return { units: count, mean };
}
