import { rolloutChange } from './change.ts';

export const rolloutAdvance = rolloutChange({
  verb: 'advance',
  summary: 'Enter the next stage now, on your word instead of the evidence',
  done: 'has entered its next stage',
  already: 'is as it was',
});
