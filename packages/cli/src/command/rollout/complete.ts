import { rolloutChange } from './change.ts';

export const rolloutComplete = rolloutChange({
  verb: 'complete',
  summary: 'Complete a rollout at its last stage',
  done: 'is completed',
  already: 'was completed already',
});
