import { bet } from '../betting/bet.ts';
import { HARM_MIXTURE, NON_INFERIORITY_MIXTURE } from '../betting/mixtures.ts';
import { logSumExp } from '../special/log-sum-exp.ts';
import type { BatchCounts, Mixture } from '../betting/types.ts';

const GRID = Array.from({ length: 41 }, (_, index) => 8 ** ((index - 20) / 20));

export interface RatioInterval {
  /** Mantel-Haenszel estimate over the strata; null where control has no bad outcome. */
  readonly estimate: number | null;
  readonly lower: number;
  readonly upper: number;
}

/**
 * Ratio of treatment's rate to control's over strata of constant share, with a confidence sequence that
 * holds at every look: the ratios on a grid from 1/8 to 8 that neither direction's e-process has rejected
 * at `alpha` / 2 (docs/judge.md). Beyond the grid the ends are 0 and Infinity. For display.
 */
export function riskRatio(strata: readonly BatchCounts[], alpha: number): RatioInterval {
  const limit = Math.log(2 / alpha);
  let lower = 0;
  for (const ratio of GRID) {
    if (logEvidence(strata, ratio, HARM_MIXTURE) < limit) break;
    lower = ratio;
  }
  let upper = Infinity;
  for (const ratio of [...GRID].reverse()) {
    if (logEvidence(strata, ratio, NON_INFERIORITY_MIXTURE) < limit) break;
    upper = ratio;
  }
  return { estimate: mantelHaenszel(strata), lower, upper };
}

/** Without an additive margin the best bet does not depend on the control rate, so totals suffice. */
function logEvidence(strata: readonly BatchCounts[], ratio: number, mixture: Mixture): number {
  return logSumExp(
    mixture.multipliers.map((multiplier, cell) => {
      let log = Math.log(mixture.weights[cell] ?? 0);
      for (const { treatment, control } of strata) {
        if (treatment.units === 0 || control.units === 0) continue;
        const { a, b } = bet({
          null: { ratio, excess: 0 },
          multiplier,
          controlRate: 0.001,
          exposureRatio: treatment.units / control.units,
        });
        log += treatment.bad * Math.log(a) + control.bad * Math.log(b);
      }
      return log;
    }),
  );
}

function mantelHaenszel(strata: readonly BatchCounts[]): number | null {
  let above = 0;
  let below = 0;
  for (const { treatment, control } of strata) {
    const units = treatment.units + control.units;
    if (units === 0) continue;
    above += (treatment.bad * control.units) / units;
    below += (control.bad * treatment.units) / units;
  }
  return below === 0 ? null : above / below;
}
