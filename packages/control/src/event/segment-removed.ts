import { type Evolver, projectOf } from './apply.ts';

export const segmentRemoved: Evolver<'segmentRemoved'> = (state, event) => {
  projectOf(state, event).segments.delete(event.segment);
};
