import { rolloutChange } from './change.ts';

export const rolloutPause = rolloutChange({
  verb: 'pause',
  summary: 'Keep a rollout where it is until somebody resumes it',
  done: 'is paused',
  already: 'was paused already',
});
