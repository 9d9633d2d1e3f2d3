import { type Evolver, projectOf } from './apply.ts';

export const metricPut: Evolver<'metricPut'> = (state, event, position) => {
  const { metric } = event;
  projectOf(state, event).metrics.set(metric.key, { ...metric, version: position });
};
