import type { ServerContext } from '../http/context.ts';

/** Writes the fold of telemetry down, and then into the log what was written. */
export async function writeCheckpoint({
  intake,
  log,
}: Pick<ServerContext, 'intake' | 'log'>): Promise<void> {
  const written = await intake.writeCheckpoint();
  if (written !== undefined) await log.recordState(written);
}
