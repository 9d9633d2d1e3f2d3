import { type Evolver, projectOf } from './apply.ts';

export const environmentCreated: Evolver<'environmentCreated'> = (state, event, position) => {
  const { key, owner, order, unitSalt } = event;
  projectOf(state, event).environments.set(key, { key, owner, order, unitSalt, version: position });
};
