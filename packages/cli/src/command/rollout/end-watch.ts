import { rolloutChange } from './change.ts';

export const rolloutEndWatch = rolloutChange({
  verb: 'end-watch',
  summary: 'End the watch of a completed rollout',
  done: 'is no longer watched',
  already: 'was no longer watched',
});
