import { sameJson } from '../document/same-json.ts';
import { domainError } from '../error/domain-error.ts';
import { changed, type Decider, refused, unchanged } from './decision.ts';
import { findSite } from './find.ts';

/** The ids themselves are a page outside the chain (invariant 11). */
export const setOverrides: Decider<'setOverrides'> = (state, command, context) => {
  const site = findSite(state, command);
  if (!site.ok) return site;
  const { flag, environment, page, count } = command;
  const { here, flag: known } = site.value;
  const { variants } = known.definition;
  const unknown = command.variants?.find((variant) => !Object.hasOwn(variants, variant));
  if (unknown !== undefined) {
    const accepted = Object.keys(variants).join(', ');
    const place = { path: '/variant', accepted };
    return refused(domainError('flag_variant_unknown', { flag, variant: unknown }, place));
  }
  if (sameJson(here.overrides, page)) return unchanged(here.version, { flag, count });
  const payload = { type: 'overridesSet', flag, environment, page, count } as const;
  const drafts = [{ payload, environments: [environment] }];
  return changed({ state, command, context }, drafts, { flag, count });
};
