import type { NonInferiorityAssessment } from '@downhaul/judge';
import type { Evidence } from '../evidence/types.ts';
import type { RolloutState } from '../rollout/types.ts';
import { isWaitedFor } from '../metric/waited-for.ts';
import { hypothesesOf } from '../telemetry/rollout/hypotheses.ts';

export interface DemandedHypothesis {
  readonly id: string;
  /** Absent where the judge has no figures for it: then it has not passed. */
  readonly assessment: NonInferiorityAssessment | undefined;
}

/** What is asked of the evidence. */
interface Passing {
  readonly assessment: Pick<Evidence['assessment'], 'nonInferiority'>;
}

/** Those that have not passed yet. */
export function unpassed(rollout: RolloutState, evidence: Passing): DemandedHypothesis[] {
  return demandedHypotheses(rollout, evidence).filter(({ assessment }) => !assessment?.passed);
}

/**
 * The guardrail hypotheses that must be non-inferior before a step up: every guardrail at the
 * shortest horizon, and at each longer one that closes for the units of at least half the bake and
 * whose figures were frozen. With them go the slices that the judge demands. Harm is judged at all horizons; waiting for one that cannot close
 * within the stage would only make every stage as long as it.
 */
function demandedHypotheses(rollout: RolloutState, evidence: Passing): DemandedHypothesis[] {
  const { nonInferiority } = evidence.assessment;
  const whole = demandedOfAll(rollout).map((id) => ({
    id,
    assessment: nonInferiority.find(({ hypothesis }) => hypothesis === id),
  }));
  const slices = nonInferiority
    .filter(({ slice }) => slice !== undefined && whole.some(({ id }) => id === slice.hypothesis))
    .map((assessment) => ({ id: assessment.hypothesis, assessment }));
  return [...whole, ...slices];
}

/** A rollout is never changed, only replaced: looks at the same one ask for the same. */
const DEMANDED = new WeakMap<RolloutState, readonly string[]>();

function demandedOfAll(rollout: RolloutState): readonly string[] {
  let demanded = DEMANDED.get(rollout);
  if (demanded === undefined) DEMANDED.set(rollout, (demanded = workOutDemanded(rollout)));
  return demanded;
}

function workOutDemanded(rollout: RolloutState): string[] {
  const bakeMs = rollout.plan.stages[rollout.stage]?.bakeMs ?? 0;
  const guardrails = hypothesesOf(rollout.plan).filter(({ role }) => role === 'guardrail');
  // A window that no stage lasts to see is not waited for, as long as another guardrail is.
  const waited = guardrails.filter(({ horizonMs }) => isWaitedFor(rollout.plan, horizonMs));
  const asked = waited.length > 0 ? waited : guardrails;
  return asked
    .filter(
      ({ id, horizonIndex, horizonMs }) =>
        horizonIndex === 0 ||
        (2 * horizonMs <= bakeMs && rollout.frozen?.hypotheses[id] !== undefined),
    )
    .map(({ id }) => id);
}
