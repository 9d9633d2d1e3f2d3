import { changed, type Decider } from './decision.ts';
import { findEnvironment, findProject } from './find.ts';

/** An operator's word that all instances that last spoke with a token are gone; their proofs say so. */
export const retireToken: Decider<'retireToken'> = (state, command, context) => {
  const project = findProject(state, command);
  if (!project.ok) return project;
  const { environment, token } = command;
  const known = findEnvironment(project.value, environment);
  if (!known.ok) return known;
  const payload = { type: 'tokenRetired', environment, token } as const;
  return changed({ state, command, context }, [{ payload }], { environment, token });
};
