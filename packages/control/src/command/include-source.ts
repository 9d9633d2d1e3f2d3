import { domainError } from '../error/domain-error.ts';
import { isSameSource, sourceText } from '../rollout/excluded-source.ts';
import { changed, type Decider, refused } from './decision.ts';
import { findSite } from './find.ts';

/** What an excluded source tells counts again from then on; what it told meanwhile does not. */
export const includeSource: Decider<'includeSource'> = (state, command, context) => {
  const site = findSite(state, command);
  if (!site.ok) return site;
  const { flag, environment, service, instance } = command;
  const source = { service, ...(instance === undefined ? {} : { instance }) };
  const excluded = site.value.here.excluded ?? [];
  if (!excluded.some((each) => isSameSource(each, source))) {
    const facts = { source: sourceText(source), flag, environment };
    const accepted = excluded.map(sourceText).join(', ') || 'nothing: no source is excluded';
    return refused(domainError('source_not_excluded', facts, { path: '/service', accepted }));
  }
  const payload = { type: 'sourceIncluded', flag, environment, ...source } as const;
  return changed({ state, command, context }, [{ payload }], source);
};
