import { sameJson } from '../document/same-json.ts';
import { changed, type Decider, unchanged } from './decision.ts';
import { findSite } from './find.ts';

/** The ids themselves are a page outside the chain (invariant 11). */
export const setOverrides: Decider<'setOverrides'> = (state, command, context) => {
  const site = findSite(state, command);
  if (!site.ok) return site;
  const { flag, environment, page, count } = command;
  const { here } = site.value;
  if (sameJson(here.overrides, page)) return unchanged(here.version, { flag, count });
  const payload = { type: 'overridesSet', flag, environment, page, count } as const;
  const drafts = [{ payload, environments: [environment] }];
  return changed({ state, command, context }, drafts, { flag, count });
};
