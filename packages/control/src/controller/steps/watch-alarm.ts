import { withEvidence } from '../evidence-summary.ts';
import { mayExpose, target } from '../standing.ts';
import type { Step } from '../types.ts';

/**
 * An alarm of the watch rolls back where there is a holdback to compare with. Without one it tells, and what
 * stays above everything ordinary is rolled back by `whole-stage.ts`.
 */
export const watchAlarm: Step = (input) => {
  const { rollout, evidence } = input;
  const watch = evidence?.watch;
  if (!mayExpose(rollout) || watch?.against !== 'holdback' || watch.alarms.length === 0) {
    return undefined;
  }
  const text = `Since completion treatment has become worse than the holdback: ${watch.alarms.join(', ')}.`;
  return {
    step: 'watchAlarm',
    command: {
      type: 'rollbackRollout',
      ...target(input),
      cause: { code: 'watch_alarm', text },
      ...withEvidence(input),
    },
  };
};
