import { sharedWorse } from '../../evidence/attribution.ts';
import { withEvidence } from '../evidence-summary.ts';
import { mayExpose, target } from '../standing.ts';
import type { Step } from '../types.ts';

/**
 * Control worsens too, and with the share: the feature harms what all use, or an incident began by chance when
 * the share was raised. It holds at once (`hold-cause.ts`); when it has lasted for the plan's reaction time it
 * rolls back, unless the plan says `whenShared: { then: hold }`. It stands after harm, which it never delays.
 */
export const shared: Step = (input) => {
  const { rollout, evidence, nowMs } = input;
  const { reactionTimeMs } = rollout.plan;
  const worse = sharedWorse(evidence?.attribution).filter(
    ({ sharedSinceMs = nowMs }) => nowMs - sharedSinceMs >= reactionTimeMs,
  );
  if (!mayExpose(rollout) || worse.length === 0) return undefined;
  if (rollout.plan.whenShared?.then === 'hold') return undefined;
  const names = worse.map(({ hypothesis }) => hypothesis).join(', ');
  const text = `Control worsens too, and with the share, for the plan’s reaction time, so the feature harms what all of them use: ${names}.`;
  return {
    step: 'shared',
    command: {
      type: 'rollbackRollout',
      ...target(input),
      cause: { code: 'shared_worse', text },
      ...withEvidence(input),
    },
  };
};
