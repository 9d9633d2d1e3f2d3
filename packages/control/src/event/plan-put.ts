import { type Evolver, projectOf } from './apply.ts';

export const planPut: Evolver<'planPut'> = (state, event, position) => {
  const { plan } = event;
  projectOf(state, event).plans.set(plan.key, { plan, version: position });
};
