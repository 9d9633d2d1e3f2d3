import type { ServerContext } from '../http/context.ts';
import { registerStoreGauges } from '../metrics/gauges.ts';
import { writeCheckpoint } from './write-checkpoint.ts';
import type { StoreFigures } from '../store/contract.ts';

const PRUNE_MS = 60_000;
/** A checkpoint is written at most so often, and so seldom that it takes 1 % of the time. */
const CHECKPOINT_MS = 60_000;
/** Each is an event of the log: one is worth it for so many rows, and after so long for any. */
const CHECKPOINT_ROWS = 10_000;
const LONGEST_BETWEEN_MS = 600_000;
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
  let written = { sequence: intake.state.throughSequence, atMs: performance.now() };
  const checkpoint = every(CHECKPOINT_MS, async () => {
    const startedMs = performance.now();
    const { throughSequence } = intake.state;
    const isDue =
      throughSequence - written.sequence >= CHECKPOINT_ROWS ||
      startedMs - written.atMs >= LONGEST_BETWEEN_MS;
    if (!isDue) return 0;
    written = { sequence: throughSequence, atMs: startedMs };
    await writeCheckpoint(context);
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
