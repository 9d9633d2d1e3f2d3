import { dueBatches } from '@downhaul/control';
import type { ServerContext } from '../http/context.ts';

/**
 * Closes the batches whose grace is over: each by a row in the order of the intake, written once. Rejects when the
 * store fails.
 */
export async function closeBatches({ intake, store }: ServerContext): Promise<void> {
  await intake.flush();
  for (const due of dueBatches(intake.state, store.nowMs())) {
    intake.tell({ type: 'batchClosed', ...due });
  }
  await intake.flush();
}
