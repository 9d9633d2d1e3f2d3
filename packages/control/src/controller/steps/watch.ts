import type { Step } from '../types.ts';

/** Completed: watched until the watch ends; only harm, looked at before, does anything. */
export const watch: Step = ({ rollout }) => {
  if (rollout.status !== 'completed') return undefined;
  return {
    step: 'watch',
    waitsFor: { code: 'watch', text: 'Completed and watched until the watch is ended.' },
  };
};
