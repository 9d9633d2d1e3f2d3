import { type Evolver, projectOf } from './apply.ts';

export const metricRemoved: Evolver<'metricRemoved'> = (state, event) => {
  projectOf(state, event).metrics.delete(event.metric);
};
