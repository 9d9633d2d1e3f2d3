import { isSameSource } from '../rollout/excluded-source.ts';
import { hereOf, setHere, type Evolver } from './apply.ts';

export const sourceIncluded: Evolver<'sourceIncluded'> = (state, event) => {
  const here = hereOf(state, event);
  const excluded = (here.excluded ?? []).filter((each) => !isSameSource(each, event));
  setHere(state, event, { ...here, excluded });
};
