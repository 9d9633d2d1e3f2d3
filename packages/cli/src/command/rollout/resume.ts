import { rolloutChange } from './change.ts';

export const rolloutResume = rolloutChange({
  verb: 'resume',
  summary: 'Let a paused rollout go on',
  done: 'goes on',
  already: 'was going on already',
});
