import type { RequestsTotals } from '../assessment.ts';
import { DISPLAY_ALPHA } from '../display-alpha.ts';
import { excessOf, strataByStage, sumOfBatches, toBatch } from '../quad-totals.ts';
import { emptyRatioCounts } from '../ratio-counts.ts';
import { mantelHaenszel, ratioBounds } from '../risk-ratio.ts';
import type { RequestsState } from '../types.ts';

const NO_BOUNDS = { lower: 0, upper: Infinity };

/** Events and ratio of rates by stage, and of all stages together as stage -1. */
export function requestsTotals(own: RequestsState): RequestsTotals[] {
  const { clustered } = own.dispersion;
  const isExact = !clustered && !own.values;
  return strataByStage(own.totals).map(([stage, quads]) => {
    const strata = quads.map(toBatch);
    const { treatment, control } = sumOfBatches(strata);
    const counts = own.ratios[String(stage)] ?? emptyRatioCounts();
    const bounds = isExact ? ratioBounds(counts, DISPLAY_ALPHA) : NO_BOUNDS;
    return {
      kind: 'requests',
      approximate: true,
      hypothesis: own.id,
      stage,
      ...(own.slice === null ? {} : { slice: own.slice }),
      treatment: { exposure: treatment.units, events: treatment.bad },
      control: { exposure: control.units, events: control.bad },
      excessEvents: excessOf(strata),
      ratio: { estimate: mantelHaenszel(strata), ...bounds },
      clustered,
      values: own.values,
    };
  });
}
