import { kindOf } from './kind/kinds.ts';
import type { Hypothesis, JudgeState } from './types.ts';

/** More than all rounding of the sums that are left out. */
const ROUNDING = 1e-6;

/**
 * False only where `assessHarm` is not harmful for sure: its weights, over starts and over hypotheses, sum to 1
 * at most, so it is at most the largest of what it sums. For those who look often and ask for nothing else.
 */
export function mayShowHarm(state: JudgeState, role: Hypothesis['role']): boolean {
  const enough = -Math.log(state.config.alphaHarm) - ROUNDING;
  if (!(enough > 0)) return true;
  for (const own of state.hypotheses) {
    if (own.role !== role) continue;
    const { logHarm, harmCeiling = logHarm } = kindOf(own);
    for (const { process } of own.starts) {
      if (!(harmCeiling(own, process) < enough)) return true;
    }
  }
  return false;
}
