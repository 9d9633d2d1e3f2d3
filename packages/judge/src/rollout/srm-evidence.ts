import { srmLogE } from '../srm/log-bayes-factor.ts';
import type { SrmAssessment } from './assessment.ts';
import type { JudgeState } from './types.ts';

/** Product over strata of the Beta e-values that the configured shares were met. */
export function assessSrm(state: JudgeState): SrmAssessment {
  let evidence = 0;
  let implied = 0;
  let treated = 0;
  for (const key in state.assignments) {
    const counts = state.assignments[key];
    if (counts === undefined) continue;
    evidence += srmLogE(counts, counts.share);
    implied += counts.control * (counts.share / (1 - counts.share));
    treated += counts.treatment;
  }
  const limit = -Math.log(state.config.alphaSrm);
  const treatmentDeficit = deficit(treated, implied);
  return { logE: evidence, limit, alarm: evidence >= limit, treatmentDeficit };
}

/** Relative to the treatment units that control's number leads to expect. */
function deficit(treated: number, implied: number): number {
  if (implied === 0) return treated === 0 ? 0 : -1;
  return Math.max(-1, 1 - treated / implied);
}
