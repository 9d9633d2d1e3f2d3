import { withEvidence } from '../evidence-summary.ts';
import { stageUnmet } from '../stage-unmet.ts';
import { target, triedSinceMs } from '../standing.ts';
import type { ControllerInput, Step } from '../types.ts';

/** A stage that takes too long pauses (or rolls back, if the plan says so); it never ships. */
export const tooLong: Step = (input) => {
  if (input.rollout.status !== 'running' || !isTooLong(input)) return undefined;
  const unmet = stageUnmet(input);
  const cause = {
    code: 'stage_too_long',
    text: `The stage took too long. ${unmet?.text ?? ''}`.trim(),
  };
  const facts = { ...target(input), cause, ...withEvidence(input) };
  return {
    step: 'tooLong',
    command:
      input.rollout.plan.whenStageTooLong.then === 'rollback'
        ? { type: 'rollbackRollout', ...facts }
        : { type: 'pauseRollout', ...facts },
  };
};

/** A stage whose bake alone is longer than the limit has twice its bake. */
export function isTooLong(input: ControllerInput): boolean {
  const { plan, stage } = input.rollout;
  const bakeMs = plan.stages[stage]?.bakeMs ?? 0;
  const limitMs = Math.max(plan.whenStageTooLong.afterMs, 2 * bakeMs);
  return input.nowMs - triedSinceMs(input) >= limitMs;
}
