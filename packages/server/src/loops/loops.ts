import type { ServerContext } from '../http/context.ts';
import { closeBatches } from './close-batches.ts';
import { createController } from './controller.ts';
import { expireInstances } from './expire-instances.ts';
import { createHousekeeping } from './housekeeping.ts';
import { createProofKeeper } from './proof-keeper.ts';
import { createSourceReader } from './read-sources.ts';
import { type Loop, repeat } from './repeat.ts';
import { followStateCache } from './state-cache.ts';
import { verifyInBackground } from './verify-in-background.ts';

/** How often housekeeping looks whether there is something to do. */
const HOUSEKEEPING_MS = 15_000;

/** Starts everything that runs by itself: batches, the controller, proofs, heartbeats, housekeeping. */
export function startLoops(context: ServerContext): Loop {
  const { options, logger, metrics, streams, store } = context;
  metrics.declare('downhaul_tick_seconds', 'histogram', 'Time to look at all rollouts and proofs.');
  metrics.declare('downhaul_loop_failures_total', 'counter', 'Rounds of a loop that failed.');
  const failed = (loop: string) => (error: unknown) => {
    metrics.count('downhaul_loop_failures_total', 1, { loop });
    logger.error({ err: error, loop }, 'a loop failed and goes on');
  };
  const control = createController(context);
  const proofs = createProofKeeper(context);
  const tick = async (): Promise<void> => {
    const startedMs = performance.now();
    // Harm that is known already is acted on, whatever else fails (invariant 4).
    await closeBatches(context).catch(failed('batches'));
    await control.look();
    await proofs.look();
    expireInstances(context);
    metrics.observe('downhaul_tick_seconds', (performance.now() - startedMs) / 1_000);
  };
  const housekeeping = createHousekeeping(context);
  const sources = createSourceReader(context);
  const heartbeatMs = Math.max(10, Math.min(1_000, options.heartbeat / 4));
  const loops = [
    repeat(options.tickInterval, tick, failed('tick')),
    repeat(heartbeatMs, () => streams.heartbeat(store.nowMs()), failed('heartbeat')),
    repeat(options.tickInterval, () => sources.look(), failed('sources')),
    repeat(HOUSEKEEPING_MS, housekeeping, failed('housekeeping')),
  ];
  followStateCache(context);
  verifyInBackground(context);
  return {
    stop: async () => {
      await Promise.all(loops.map((loop) => loop.stop()));
      await sources.stop();
    },
  };
}
