import { type Evolver, hereOf, setHere } from './apply.ts';

export const overridesSet: Evolver<'overridesSet'> = (state, event, position) => {
  const here = hereOf(state, event);
  const { page: overrides, count: overridesCount } = event;
  setHere(state, event, { ...here, overrides, overridesCount, version: position });
};
