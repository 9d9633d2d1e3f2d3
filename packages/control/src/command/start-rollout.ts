import { rolloutId } from '../rollout/rollout-id.ts';
import { changed, type CommandOf, type Decider } from './decision.ts';
import { findSite, type FlagSite } from './find.ts';
import { startDrafts, type StartRequest } from './start-drafts.ts';

/** A new attempt with the plan and target given, else with those declared. */
export const startRollout: Decider<'startRollout'> = (state, command, context) => {
  const site = findSite(state, command);
  if (!site.ok) return site;
  const drafts = startDrafts(site.value, requestOf(command, context.nowMs));
  if (!drafts.ok) return drafts;
  const facts = factsOf(site.value);
  const status = drafts.value.length > 1 ? 'running' : 'measuring';
  return changed({ state, command, context }, drafts.value, { ...facts, status });
};

function requestOf(command: CommandOf<'startRollout'>, nowMs: number): StartRequest {
  const { plan, to, atOnce = false, reshuffle } = command;
  return {
    command,
    nowMs,
    atOnce,
    ...(plan === undefined ? {} : { plan }),
    ...(to === undefined ? {} : { to }),
    ...(reshuffle === undefined ? {} : { salt: reshuffle.salt }),
  };
}

function factsOf({ project, environment, flag, here }: FlagSite) {
  const attempt = (here.rollout?.attempt ?? 0) + 1;
  const key = { project: project.key, environment: environment.key, flag: flag.key, attempt };
  return { rollout: rolloutId(key), attempt };
}
