import { withEvidence } from '../evidence-summary.ts';
import { stageUnmet } from '../stage-unmet.ts';
import { isAnswered, target } from '../standing.ts';
import { isTooLong } from './too-long.ts';
import type { Step } from '../types.ts';

const UNMET = 'success_unmet';

/**
 * The last stage's end. Unmet success criteria pause and ask the owner; a person who resumes after
 * that has said yes.
 */
export const complete: Step = (input) => {
  const { rollout, evidence } = input;
  const isLast = rollout.stage >= rollout.plan.stages.length - 1;
  if (rollout.status !== 'running' || !isLast) return undefined;
  const unmet = stageUnmet(input);
  if (unmet !== undefined) {
    return isTooLong(input) ? undefined : { step: 'wait', waitsFor: unmet };
  }
  const facts = { ...target(input), ...withEvidence(input) };
  const missed = evidence?.success.filter(({ met }) => !met).map(({ text }) => text) ?? [];
  if (missed.length > 0 && !isAnswered(evidence, UNMET)) {
    const cause = { code: UNMET, text: `A success criterion is unmet: ${missed.join('; ')}.` };
    return { step: 'complete', command: { type: 'pauseRollout', ...facts, cause } };
  }
  return { step: 'complete', command: { type: 'completeRollout', ...facts } };
};
