import { checkKey } from '../document/key.ts';
import { changed, type Decider, refused, unchanged } from './decision.ts';

export const createProject: Decider<'createProject'> = (state, command, context) => {
  const { key } = command;
  const problem = checkKey(key, '/key');
  if (problem !== undefined) return refused(problem);
  if (state.projects.has(key)) return unchanged(state.position, { project: key });
  const payload = { type: 'projectCreated', key } as const;
  return changed({ state, command, context }, [{ payload }], { project: key });
};
