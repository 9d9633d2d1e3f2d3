import type { ServerContext } from '../http/context.ts';
import { registerStoreGauges } from '../metrics/gauges.ts';
import type { StoreFigures } from '../store/contract.ts';

const PRUNE_MS = 60_000;
/** A checkpoint is written at most so often, and so seldom that it takes 1 % of the time. */
const CHECKPOINT_MS = 60_000;
const CHECKPOINT_REST = 100;

/** Retention, checkpoints of telemetry, and word of streams that are still open. */
export function createHousekeeping(context: ServerContext): () => Promise<void> {
  const { store, intake, streams, options } = context;
  let figures: StoreFigures = {
    bytes: 0,
    idempotencyKeys: 0,
    pages: 0,
    intakeRows: 0,
    oldestIntakeAtMs: 0,
    stateCaches: 0,
  };
  registerStoreGauges(context, () => figures);
  const prune = every(PRUNE_MS, async () => {
    const nowMs = store.nowMs();
    await store.prune({
      idempotencyBeforeMs: nowMs - options.idempotencyRetention,
      intakeBeforeMs: nowMs - options.intakeRetention,
    });
    figures = await store.figures();
  });
  const checkpoint = every(CHECKPOINT_MS, async () => {
    const startedMs = performance.now();
    await intake.writeCheckpoint();
    return CHECKPOINT_REST * (performance.now() - startedMs);
  });
  const confirm = every(options.instanceExpiry / 3, async () => streams.confirm());
  return async () => {
    await prune();
    await checkpoint();
    await confirm();
  };
}

/** Runs `work` when so long has passed since it last ended; it may ask for a longer rest. */
function every(intervalMs: number, work: () => Promise<number | void>): () => Promise<void> {
  let nextMs = performance.now();
  return async () => {
    if (performance.now() < nextMs) return;
    const restMs = (await work()) ?? 0;
    nextMs = performance.now() + Math.max(intervalMs, restMs);
  };
}
