import { checkKey } from '../document/key.ts';
import { domainError } from '../error/domain-error.ts';
import { changed, type Decider, refused, unchanged } from './decision.ts';
import { findProject } from './find.ts';

/** The salt of an environment that is there stays: another one would make every unit a new one. */
export const createEnvironment: Decider<'createEnvironment'> = (state, command, context) => {
  const project = findProject(state, command);
  if (!project.ok) return project;
  const { key, owner, order, unitSalt } = command;
  const problem = checkKey(key, '/key');
  if (problem !== undefined) return refused(problem);
  // What a flag has for an environment is looked up by its key, and every object has these.
  if (Object.hasOwn(Object.prototype, key)) {
    const place = { path: '/key', accepted: 'another key' };
    return refused(domainError('key_invalid', { key }, place));
  }
  const known = project.value.environments.get(key);
  if (known !== undefined && known.owner === owner && known.order === order) {
    return unchanged(known.version, { environment: key });
  }
  if (known !== undefined) {
    return refused(domainError('environment_exists', { environment: key }, { path: '/key' }));
  }
  const payload = { type: 'environmentCreated', key, owner, order, unitSalt } as const;
  const drafts = [{ payload, environments: [key] }];
  return changed({ state, command, context }, drafts, { environment: key });
};
