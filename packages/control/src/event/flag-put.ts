import type { FlagDefinition } from '../flag/types.ts';
import { changeMentions } from '../flag/mentions.ts';
import type { FlagEnvironmentState, FlagState } from '../state/types.ts';
import { type Evolver, projectOf, UNTOUCHED } from './apply.ts';

export const flagPut: Evolver<'flagPut'> = (state, event, position) => {
  const project = projectOf(state, event);
  const { definition } = event;
  const before = project.flags.get(definition.key);
  changeMentions(project.mentions, before?.definition, definition);
  project.flags.set(definition.key, {
    key: definition.key,
    definition,
    archived: false,
    version: position,
    environments: environmentsAfter(before, { definition, touched: event.environments, position }),
  });
};

/** What a document takes out of an environment stays known there: attempts are never numbered again. */
function environmentsAfter(
  before: FlagState | undefined,
  put: {
    readonly definition: FlagDefinition;
    readonly touched: readonly string[];
    readonly position: number;
  },
): Readonly<Record<string, FlagEnvironmentState>> {
  const environments: Record<string, FlagEnvironmentState> = { ...before?.environments };
  for (const key of new Set([...Object.keys(put.definition.environments), ...put.touched])) {
    const here = environments[key] ?? UNTOUCHED;
    environments[key] = put.touched.includes(key) ? { ...here, version: put.position } : here;
  }
  return environments;
}
