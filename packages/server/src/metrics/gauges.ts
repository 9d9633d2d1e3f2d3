import type { ServerContext } from '../http/context.ts';
import type { StoreFigures } from '../store/contract.ts';

/** Figures that are read when somebody asks for the metrics. */
export function registerGauges(context: ServerContext): void {
  const { metrics, log, intake, streams, health, store } = context;
  metrics.gauge('downhaul_log_position', 'Position of the last event.', () => log.state.position);
  metrics.gauge('downhaul_streams_open', 'Open streams.', () => streams.size);
  metrics.gauge(
    'downhaul_streams_cut_off',
    'Streams cut off because nobody read them.',
    () => streams.cutOff,
  );
  metrics.gauge('downhaul_instances_live', 'Instances that have not left.', () =>
    liveInstances(context),
  );
  metrics.gauge(
    'downhaul_intake_sequence',
    'Sequence of the last row folded in.',
    () => intake.state.throughSequence,
  );
  metrics.gauge('downhaul_intake_queued', 'Rows that wait to be stored.', () => intake.queued);
  metrics.gauge(
    'downhaul_chain_verified',
    '1 intact, 0 not checked yet, -1 broken or not checkable.',
    () => chainFigure(health.chain),
  );
  metrics.gauge(
    'downhaul_store_free_bytes',
    'Free on the disk of the store.',
    () => store.space().freeBytes,
  );
  metrics.gauge(
    'downhaul_store_reserve_bytes',
    'Kept back for the way down; 0 once it was taken.',
    () => store.space().reserveBytes,
  );
  metrics.gauge('downhaul_resident_bytes', 'Resident memory of the process.', () =>
    process.memoryUsage.rss(),
  );
}

/** Registers what retention last found; refreshed by the housekeeping loop. */
export function registerStoreGauges({ metrics }: ServerContext, figures: () => StoreFigures): void {
  metrics.gauge('downhaul_store_bytes', 'Size of the store.', () => figures().bytes);
  metrics.gauge(
    'downhaul_store_idempotency_keys',
    'Idempotency keys kept.',
    () => figures().idempotencyKeys,
  );
  metrics.gauge('downhaul_store_pages', 'Pages kept outside the chain.', () => figures().pages);
  metrics.gauge(
    'downhaul_store_intake_rows',
    'Rows of telemetry kept.',
    () => figures().intakeRows,
  );
  metrics.gauge(
    'downhaul_store_oldest_intake_seconds',
    'Unix time of the oldest row of telemetry.',
    () => figures().oldestIntakeAtMs / 1_000,
  );
}

function liveInstances({ intake }: ServerContext): number {
  let live = 0;
  for (const { instances } of intake.state.environments.values()) {
    for (const { left } of instances.values()) if (left === undefined) live += 1;
  }
  return live;
}

function chainFigure(chain: ServerContext['health']['chain']): number {
  if (chain === 'pending') return 0;
  return chain !== 'failed' && chain.intact ? 1 : -1;
}
