import type { Step } from '../types.ts';

/** A pause needs a person. */
export const paused: Step = ({ rollout }) => {
  if (rollout.status !== 'paused') return undefined;
  const text = rollout.cause?.text ?? 'Paused.';
  return { step: 'paused', waitsFor: { code: 'person', text: `${text} A person must resume it.` } };
};
