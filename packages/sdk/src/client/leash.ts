import { type Clock, type Moment, elapsedMs } from '../timing/clock.ts';

interface LeashSettings {
  readonly leashMs: number | undefined;
  readonly clock: Clock;
  /** When the request was sent that the last answer answers; undefined: none was answered yet. */
  readonly answeredSentAt: () => Moment | undefined;
}

/**
 * Says whether the instance has been cut off for longer than its leash. It counts from the sending of
 * a request, not from its answer, so that the server, which counts from receiving it, never believes
 * an instance to be on control before it is. Before the first answer it is cut off: a copy on disk is
 * of an instance that the server does not wait for any more.
 */
export function createLeash(settings: LeashSettings): () => boolean {
  const { leashMs, clock, answeredSentAt } = settings;
  if (leashMs === undefined) return () => false;
  return () => {
    const sentAt = answeredSentAt();
    return sentAt === undefined || elapsedMs(clock, sentAt) > leashMs;
  };
}
