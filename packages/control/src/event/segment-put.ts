import { type Evolver, projectOf } from './apply.ts';

export const segmentPut: Evolver<'segmentPut'> = (state, event, position) => {
  const { key, owner } = event;
  projectOf(state, event).segments.set(key, { key, if: event.if, owner, version: position });
};
