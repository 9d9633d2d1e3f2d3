import type { Step } from '../types.ts';

/** Rolled back or over: a person has decided or harm has, and nothing is served that could be judged. */
export const settled: Step = ({ rollout }) => {
  if (rollout.status !== 'rolledBack' && rollout.status !== 'ended') return undefined;
  return {
    step: 'settled',
    waitsFor: { code: 'settled', text: rollout.cause?.text ?? 'The rollout is over.' },
  };
};
