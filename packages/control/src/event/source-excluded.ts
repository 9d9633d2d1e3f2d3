import { actorName } from '../command/actor-name.ts';
import { hereOf, setHere, type Evolver } from './apply.ts';

/** It serves what was served: the version of the flag here stays. */
export const sourceExcluded: Evolver<'sourceExcluded'> = (state, event) => {
  const here = hereOf(state, event);
  const { service, instance, actor, atMs } = event;
  const source = {
    service,
    ...(instance === undefined ? {} : { instance }),
    by: actorName(actor),
    atMs,
  };
  setHere(state, event, { ...here, excluded: [...(here.excluded ?? []), source] });
};
