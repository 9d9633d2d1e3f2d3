import { rehearsalKey } from '../rehearsal/record/rehearsal-key.ts';
import { type Evolver, projectOf } from './apply.ts';

/** Kept per project: the newest of each plan, environment and kind, and of those the newest so many. */
const MAX_REHEARSALS = 200;

export const rehearsalRecorded: Evolver<'rehearsalRecorded'> = (state, event, position) => {
  const { rehearsals } = projectOf(state, event);
  const { environment, flag, plan, judgeVersion, seed, runs, atMs, expiresAtMs } = event;
  const key = rehearsalKey(event);
  rehearsals.delete(key);
  rehearsals.set(key, {
    ...{ key, environment, plan, judgeVersion, seed, runs, atMs, expiresAtMs },
    ...(flag === undefined ? {} : { flag }),
    unitsPerSecond: event.unitsPerSecond,
    assumed: event.assumed,
    scenarios: event.scenarios,
    version: position,
  });
  const [oldest] = rehearsals.keys();
  if (rehearsals.size > MAX_REHEARSALS && oldest !== undefined) rehearsals.delete(oldest);
};
