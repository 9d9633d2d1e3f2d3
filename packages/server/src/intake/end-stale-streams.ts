import type { Intake } from './intake.ts';

/**
 * Tells that streams which were open when the server last stopped are not: nobody was there to see them
 * close, and an open stream counts as a sign of life.
 */
export function endStaleStreams({ state, tell }: Pick<Intake, 'state' | 'tell'>): void {
  for (const { project, environment, instances } of state.environments.values()) {
    for (const { id, service, stream, left } of instances.values()) {
      if (stream?.open !== true || left !== undefined) continue;
      tell({
        type: 'contact',
        scope: { project, environment, service },
        instance: id,
        contact: 'streamClosed',
        version: stream.version,
        ...(stream.connection === undefined ? {} : { connection: stream.connection }),
      });
    }
  }
}
