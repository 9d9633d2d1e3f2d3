import { changeMentions } from '../flag/mentions.ts';
import { endRollout } from '../rollout/end-rollout.ts';
import { transition } from '../rollout/transitions.ts';
import type { FlagEnvironmentState } from '../state/types.ts';
import { type Evolver, flagOf, projectOf } from './apply.ts';

export const flagArchived: Evolver<'flagArchived'> = (state, event, position) => {
  const flag = flagOf(state, event);
  const project = projectOf(state, event);
  changeMentions(project.mentions, flag.definition, undefined);
  const environments = Object.fromEntries(
    Object.entries(flag.environments).map(([key, here]) => [
      key,
      archivedHere(here, event.atMs, position),
    ]),
  );
  project.flags.set(flag.key, { ...flag, environments, archived: true, version: position });
};

function archivedHere(
  here: FlagEnvironmentState,
  atMs: number,
  version: number,
): FlagEnvironmentState {
  const { rollout } = here;
  if (rollout === undefined || !('next' in transition(rollout, 'archiveFlag'))) {
    return { ...here, version };
  }
  const cause = { code: 'flag_archived', text: 'The flag was archived.' };
  return { ...here, version, rollout: endRollout(rollout, { cause, atMs, version }) };
}
