import type { Evolver } from './apply.ts';

export const projectCreated: Evolver<'projectCreated'> = (state, { key }) => {
  state.projects.set(key, {
    key,
    environments: new Map(),
    flags: new Map(),
    segments: new Map(),
    plans: new Map(),
    metrics: new Map(),
    rehearsals: new Map(),
    mentions: new Map(),
  });
};
