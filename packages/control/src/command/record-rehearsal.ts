import { changed, type Decider } from './decision.ts';
import { findEnvironment, findProject } from './find.ts';
import { planDigest } from '../rehearsal/record/same-plan.ts';

/** How long a rehearsal is of use to somebody who asks for none. */
const VALID_MS = 7 * 86_400_000;

/** What a rehearsal came to. It changes nothing that anybody is served. */
export const recordRehearsal: Decider<'recordRehearsal'> = (state, command, context) => {
  const project = findProject(state, command);
  if (!project.ok) return project;
  const { record } = command;
  const environment = findEnvironment(project.value, record.environment);
  if (!environment.ok) return environment;
  const validMs = record.plan.rehearsal?.withinMs ?? VALID_MS;
  const expiresAtMs = context.nowMs + validMs;
  const payload = { type: 'rehearsalRecorded', ...record, expiresAtMs } as const;
  const facts = { rehearsal: planDigest(record.plan), expiresAtMs };
  return changed({ state, command, context }, [{ payload }], facts);
};
