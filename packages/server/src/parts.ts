import type { FastifyBaseLogger } from 'fastify';
import type { ServerOptions } from './config/server-options.ts';
import type { Clock } from './clock/clock.ts';
import type { Health } from './health.ts';
import type { ServerContext } from './http/context.ts';
import type { Ids } from './ids/ids.ts';
import { copiesOf } from './intake/copies-of.ts';
import { endStaleStreams } from './intake/end-stale-streams.ts';
import { createAdmission } from './intake/admission.ts';
import { forgottenRollouts } from './intake/forgotten-rollouts.ts';
import { type Intake, openIntake } from './intake/intake.ts';
import { createPolls } from './intake/polls.ts';
import { type Commit, type ControlLog, openControlLog } from './log/control-log.ts';
import { type OnSuspect, trustedCheckpoint } from './log/trusted-cache.ts';
import { createMetrics, type Metrics } from './metrics/registry.ts';
import { registerGauges } from './metrics/gauges.ts';
import { openSnapshots } from './snapshots/snapshots.ts';
import { createOtlpReceiver } from './otlp/receiver.ts';
import { prometheusServers } from './prometheus/servers.ts';
import type { LogStore } from './store/contract.ts';
import { createStreams } from './streams/streams.ts';

interface PartsInput {
  readonly options: ServerOptions;
  readonly store: LogStore;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly logger: FastifyBaseLogger;
  readonly metrics?: Metrics;
}

/** A batch closes so many report intervals after its end: every report of it had time to arrive. */
const GRACE_INTERVALS = 1.5;

/** Reads what is stored and connects the parts: log, intake, snapshots and streams. */
export async function openParts(input: PartsInput): Promise<ServerContext> {
  const { options, store, clock } = input;
  const { metrics = createMetrics() } = input;
  const head = await store.intakeHead();
  const onSuspect = suspicions(metrics, input.logger);
  const { log, uncopied } = await openControlLog(store, head.copiedThrough, onSuspect);
  await recordLoss(log, input);
  const intake: Intake = await openIntake(
    {
      store,
      options: {
        reportIntervalMs: options.reportInterval,
        graceMs: GRACE_INTERVALS * options.reportInterval,
        instanceExpiryMs: options.instanceExpiry,
      },
      copiedThrough: () => log.state.position,
      ...intakeReports(metrics, input.logger),
    },
    await trustedCheckpoint(store, log.state.telemetry, onSuspect),
  );
  await bringUpToDate({ log, intake, uncopied, logger: input.logger });
  const streams = createStreams({
    heartbeatMs: options.heartbeat,
    reportIntervalMs: options.reportInterval,
    nowMs: () => store.nowMs(),
    connectionId: () => input.ids.hex(8),
    tell: (body) => intake.tell(body),
  });
  const snapshots = await openSnapshots({
    log,
    store,
    onPublish: (feed) => streams.publish(feed),
    onSuspect,
  });
  metrics.declare('downhaul_log_appends_total', 'counter', 'Events appended to the log.');
  // After the snapshots: streams hear of a version before anything else is done about it.
  log.onCommit(({ events, changes }) => {
    metrics.count('downhaul_log_appends_total', events.length);
    for (const { body, copyOf } of copiesOf(events, changes)) intake.tell(body, copyOf);
    for (const { body } of events) {
      if (body.type === 'tokenRevoked') streams.endOf(body.token);
    }
  });
  const health: Health = {
    ...{ stopping: false, stop: new AbortController() },
    ...{ chain: 'pending', startedAtMs: store.nowMs() },
  };
  const polls = createPolls(clock, (body) => intake.tell(body));
  const prometheus = prometheusServers(options);
  const admission = createAdmission({
    intake,
    limit: options.maxInstancesPerToken,
    nowMs: () => store.nowMs(),
    metrics,
  });
  const otlp = createOtlpReceiver({ store, log, intake, metrics, admission });
  const parts = { otlp, metrics, log, intake, snapshots, streams, polls, health, prometheus };
  const context = { ...input, ...parts, admission };
  registerGauges(context);
  return context;
}

interface Opened {
  readonly log: ControlLog;
  readonly intake: Intake;
  readonly uncopied: Pick<Commit, 'events' | 'changes'>;
  readonly logger: FastifyBaseLogger;
}

/**
 * Tells the intake what it missed: the server may have ended between a commit and its copy. A store that fails here
 * keeps nobody from starting (invariant 4): it is all kept, and whoever judges waits for it.
 */
async function bringUpToDate({ log, intake, uncopied, logger }: Opened): Promise<void> {
  const { events, changes } = uncopied;
  endStaleStreams({ state: intake.state, tell: (body) => intake.tell(body) });
  const forgotten = forgottenRollouts(log.state, intake.state, changes);
  for (const { body, copyOf } of copiesOf(events, changes)) intake.tell(body, copyOf);
  for (const change of forgotten) {
    logger.warn({ rollout: change.rollout.id }, 'its telemetry was lost and begins anew');
    intake.tell({ type: 'rolloutChanged', change });
  }
  // The intake has said so; it tries again by itself.
  await intake.flush().catch(() => undefined);
}

/** Before anything else is appended: what comes next has positions that nobody was ever told. */
async function recordLoss(log: ControlLog, { store, logger, options }: PartsInput): Promise<void> {
  if (store.doubt !== undefined) logger.error({ code: 'store_suspect' }, store.doubt);
  if (store.loss === undefined) {
    if (options.acceptLoss) logger.warn('nothing is lost: start without --accept-loss from now on');
    return;
  }
  const after = log.state.position;
  logger.error({ code: 'store_behind', after, ...store.loss }, 'what was lost is accepted');
  await log.acceptLoss(store.loss);
}

/** What was stored beside the log and is not what the log says of it was changed by somebody, or by a fault. */
function suspicions(metrics: Metrics, logger: FastifyBaseLogger): OnSuspect {
  metrics.declare(
    'downhaul_store_suspect_total',
    'counter',
    'Caches and pages found at the start that are not what the log names: none was used.',
  );
  return (problem) => {
    metrics.count('downhaul_store_suspect_total');
    logger.error({ code: 'store_suspect' }, problem);
  };
}

function intakeReports(metrics: Metrics, logger: FastifyBaseLogger) {
  metrics.declare('downhaul_intake_rows_total', 'counter', 'Rows of telemetry stored.');
  metrics.declare(
    'downhaul_intake_rows_unfoldable_total',
    'counter',
    'Stored rows that could not be folded and were passed over: a defect.',
  );
  metrics.declare('downhaul_intake_flush_seconds', 'histogram', 'Time to store and fold a group.');
  metrics.declare(
    'downhaul_telemetry_items_dropped_total',
    'counter',
    'Items of reports that count nowhere, by cause.',
  );
  return {
    onFlush: ({ rows, durationMs }: { readonly rows: number; readonly durationMs: number }) => {
      metrics.count('downhaul_intake_rows_total', rows);
      metrics.observe('downhaul_intake_flush_seconds', durationMs / 1_000);
    },
    onError: (error: unknown) => logger.error({ err: error }, 'telemetry could not be stored'),
    onUnfoldable: (error: unknown, sequence: number) => {
      metrics.count('downhaul_intake_rows_unfoldable_total');
      logger.error({ err: error, sequence }, 'a row of telemetry was passed over');
    },
  };
}
