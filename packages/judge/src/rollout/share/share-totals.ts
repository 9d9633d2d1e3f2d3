import type { ShareTotals } from '../assessment.ts';
import { DISPLAY_ALPHA } from '../display-alpha.ts';
import { excessOf, strataByStage, sumOfBatches, toBatch } from '../quad-totals.ts';
import { emptyRatioCounts } from '../ratio-counts.ts';
import { mantelHaenszel, ratioBounds } from '../risk-ratio.ts';
import type { ShareState } from '../types.ts';

/** Counts and risk ratio of a share by stage, and of all stages together as stage -1. */
export function shareTotals({ id, slice, totals, ratios }: ShareState): ShareTotals[] {
  return strataByStage(totals).map(([stage, quads]) => {
    const strata = quads.map(toBatch);
    const bounds = ratioBounds(ratios[String(stage)] ?? emptyRatioCounts(), DISPLAY_ALPHA);
    return {
      kind: 'share',
      hypothesis: id,
      stage,
      ...(slice === null ? {} : { slice }),
      ...sumOfBatches(strata),
      excessBad: excessOf(strata),
      ratio: { estimate: mantelHaenszel(strata), ...bounds },
    };
  });
}
