import type { NonInferiorityAssessment } from './assessment.ts';
import { logHarmOf } from './harm-evidence.ts';
import { kindOf } from './kind/kinds.ts';
import type { HypothesisState, JudgeState } from './types.ts';

/** Every guardrail that was given a margin at the present stage, then the slices that are demanded. */
export function assessNonInferiority(state: JudgeState): NonInferiorityAssessment[] {
  const limit = -Math.log(state.config.alphaNonInferiority);
  const assessments: NonInferiorityAssessment[] = [];
  for (const own of state.hypotheses) {
    if (own.role !== 'guardrail') continue;
    const kind = kindOf(own);
    const logE = kind.logNonInferiority(own);
    if (logE === undefined || !isDemanded(state, own)) continue;
    assessments.push({
      hypothesis: own.id,
      logE,
      limit,
      passed: logE >= limit,
      ...kind.claimed(own),
      units: kind.unitsAt(own, state.stage),
      ...(own.slice === null ? {} : { slice: own.slice }),
    });
  }
  return assessments;
}

/**
 * A slice is demanded for a step up once it has its minimum sample and looks harmful: its evidence of harm
 * reaches 1 / (alphaNonInferiority x its share of its guardrail's weight). All slices of a harmless
 * guardrail together are then demanded in vain with a chance of at most half of alphaNonInferiority. Asking
 * every small slice for its own proof of health would keep most rollouts from ever going up.
 */
function isDemanded(state: JudgeState, own: HypothesisState): boolean {
  const { slice } = own;
  if (slice === null) return true;
  if (kindOf(own).unitsAt(own, state.stage) < slice.minimumSample) return false;
  const { alphaNonInferiority, hypotheses } = state.config;
  const whole = hypotheses.find(({ id }) => id === slice.hypothesis)?.weight ?? 1;
  return logHarmOf(own) >= -Math.log(alphaNonInferiority * (own.weight / whole));
}
