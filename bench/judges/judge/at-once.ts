import type { Judge } from './types.ts';

/** Everyone from the first minute on and nobody looks: what could be lost at most. */
export const AT_ONCE: Judge = {
  key: 'at-once',
  label: '100 % at once',
  measuresFirst: false,
  start: () => ({
    look: ({ stage }) => ({ does: stage < 4 ? 'advance' : 'complete' }),
  }),
};
