import { HOLD_CODES } from '../hold-cause.ts';
import { withEvidence } from '../evidence-summary.ts';
import { target } from '../standing.ts';
import type { Step } from '../types.ts';

/** A hold goes on by itself when its cause is gone; one that a person made is theirs to release. */
export const release: Step = (input) => {
  const { rollout, readiness } = input;
  if (rollout.status !== 'held') return undefined;
  const code = rollout.cause?.code ?? '';
  if (code === 'not_ready' && readiness?.ok === false) {
    return { step: 'hold', waitsFor: { code, text: readiness.cause } };
  }
  if (!HOLD_CODES.includes(code)) {
    const text = rollout.cause?.text ?? 'Held by a person.';
    return { step: 'hold', waitsFor: { code: 'held', text } };
  }
  return {
    step: 'release',
    command: { type: 'releaseRollout', ...target(input), ...withEvidence(input) },
  };
};
