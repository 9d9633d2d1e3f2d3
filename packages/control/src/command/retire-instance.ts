import { changed, type Decider } from './decision.ts';
import { findEnvironment, findProject } from './find.ts';

/** An operator's word that an instance is gone; its proofs say so from then on. */
export const retireInstance: Decider<'retireInstance'> = (state, command, context) => {
  const project = findProject(state, command);
  if (!project.ok) return project;
  const { environment, instance, service } = command;
  const who = { environment, instance, ...(service === undefined ? {} : { service }) };
  const known = findEnvironment(project.value, environment);
  if (!known.ok) return known;
  const payload = { type: 'instanceRetired', ...who } as const;
  return changed({ state, command, context }, [{ payload }], who);
};
