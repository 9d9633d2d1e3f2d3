import { domainError } from '../error/domain-error.ts';
import { isSameSource, sourceText } from '../rollout/excluded-source.ts';
import { changed, type Decider, refused, unchanged } from './decision.ts';
import { findSite } from './find.ts';

const MOST = 100;

/**
 * Nothing that the source tells counts for the rollouts of the flag here, until it is included again. It takes
 * evidence of harm away, so it asks for what a step up asks for, and for a why. Proofs go on counting it.
 */
export const excludeSource: Decider<'excludeSource'> = (state, command, context) => {
  const site = findSite(state, command);
  if (!site.ok) return site;
  const { flag, environment, service, instance } = command;
  const source = { service, ...(instance === undefined ? {} : { instance }) };
  const { here } = site.value;
  const excluded = here.excluded ?? [];
  if (excluded.some((each) => isSameSource(each, source))) return unchanged(here.version, source);
  const facts = { source: sourceText(source), flag, environment, most: MOST };
  if (command.justification === undefined) {
    return refused(domainError('source_why_missing', facts, { path: '/justification' }));
  }
  if (excluded.length >= MOST) return refused(domainError('source_exclusions', facts));
  const payload = { type: 'sourceExcluded', flag, environment, ...source } as const;
  return changed({ state, command, context }, [{ payload }], source);
};
