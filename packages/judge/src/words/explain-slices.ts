import type { DimensionalSrm } from '../srm/by-dimension.ts';
import { certaintyText, percentText } from './figures.ts';

/** Whether units are split as configured, and where not, in a sentence. */
export function explainSlices(srm: DimensionalSrm): string {
  if (!srm.alarm) return 'units are split between the arms as configured, as far as can be told';
  const where = srm.suspects.map(({ dimension, value, treatmentDeficit }) => {
    const amount = percentText(Math.abs(treatmentDeficit));
    const kind = treatmentDeficit > 0 ? 'missing in treatment' : 'too many in treatment';
    return `${dimension === '*' ? 'all units' : `${dimension} ${value}`}: ${amount} ${kind}`;
  });
  const list = where.length === 0 ? 'no slice stands out alone' : where.join(', ');
  return `units are not split as configured, with ${certaintyText(srm.limit)} certainty; ${list}`;
}
