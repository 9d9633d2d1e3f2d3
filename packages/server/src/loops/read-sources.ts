import { type CountedItem, type DueReading, dueReadings } from '@downhaul/control';
import type { ServerContext } from '../http/context.ts';
import { readBatch } from '../prometheus/read-batch.ts';
import { createReadingTurns } from '../prometheus/reading-turns.ts';
import { SourceFailure } from '../prometheus/source-failure.ts';

interface SourceReader {
  /**
   * Begins the readings that are due and waits for none: nobody waits for a Prometheus server. Rejects while it is
   * not known which stage they are of.
   */
  look(): Promise<void>;
  /** Gives up what is under way. */
  stop(): Promise<void>;
}

/**
 * Reads Prometheus for every batch that has ended, in a bounded pool beside all other loops. What comes of a
 * reading, figures or a failure, is one row of the intake; several replicas that read the same store one.
 */
export function createSourceReader(context: ServerContext): SourceReader {
  const { intake, store, metrics } = context;
  metrics.declare(
    'downhaul_source_readings_total',
    'counter',
    'Readings of Prometheus servers, by server and outcome.',
  );
  const stopped = new AbortController();
  const turns = createReadingTurns();
  const underWay = new Set<Promise<void>>();
  return {
    look: async () => {
      const due = await intake.judge(() => dueReadings(intake.state, store.nowMs()));
      for (const each of turns.begin(due)) {
        const reading = read(context, each, stopped.signal).finally(() => {
          turns.over(each);
          underWay.delete(reading);
        });
        underWay.add(reading);
      }
    },
    stop: async () => {
      stopped.abort();
      await Promise.all(underWay);
    },
  };
}

async function read(context: ServerContext, due: DueReading, signal: AbortSignal): Promise<void> {
  const outcome = await outcomeOf(context, due, signal);
  // A store that cannot be written to has said so itself, and is no failure of the source: the batch is read again.
  if (outcome !== undefined) await submit(context, due, outcome).catch(() => undefined);
}

/** Undefined where the reading was given up. */
async function outcomeOf(
  context: ServerContext,
  due: DueReading,
  signal: AbortSignal,
): Promise<Outcome | undefined> {
  const { metrics, logger } = context;
  const { server, metric, rollout } = due;
  try {
    const items = await figuresOf(context, due, signal);
    metrics.count('downhaul_source_readings_total', 1, { server, outcome: 'read' });
    return { items };
  } catch (error) {
    if (signal.aborted) return undefined;
    const failure = SourceFailure.from(error);
    metrics.count('downhaul_source_readings_total', 1, { server, outcome: failure.code });
    logger.warn({ rollout, metric, server, code: failure.code }, failure.message);
    return { items: [], failure };
  }
}

async function figuresOf(
  { prometheus, store }: ServerContext,
  due: DueReading,
  signal: AbortSignal,
): Promise<CountedItem[]> {
  const server = prometheus.get(due.server);
  if (server === undefined) {
    throw new SourceFailure('server_unknown', 'This server has no address for it (--prometheus).');
  }
  const limitMs = due.closesAtMs - store.nowMs();
  const items = await readBatch(server, due, { limitMs, signal });
  if (items.length > 0) return items;
  throw new SourceFailure('no_series', 'No arm has a series with samples of this batch.');
}

interface Outcome {
  readonly items: readonly CountedItem[];
  readonly failure?: SourceFailure;
}

async function submit(
  { intake }: ServerContext,
  due: DueReading,
  { items, failure }: Outcome,
): Promise<void> {
  const { project, environment, rollout, metric, batch, server } = due;
  const fault = failure && {
    rollout,
    metric,
    batch,
    server,
    code: failure.code,
    text: failure.message,
  };
  await intake.submit({
    body: {
      type: 'counted',
      scope: { project, environment, service: '' },
      source: 'prometheus',
      items,
      ...(fault ? { faults: [fault] } : {}),
    },
    once: { source: `prometheus ${rollout} ${metric}`, sequence: batch },
  });
}
