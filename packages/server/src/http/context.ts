import type { FastifyBaseLogger } from 'fastify';
import type { Clock } from '../clock/clock.ts';
import type { ServerOptions } from '../config/server-options.ts';
import type { Ids } from '../ids/ids.ts';
import type { Admission } from '../intake/admission.ts';
import type { Intake } from '../intake/intake.ts';
import type { ControlLog } from '../log/control-log.ts';
import type { OtlpReceiver } from '../otlp/receiver.ts';
import type { PrometheusServer } from '../prometheus/servers.ts';
import type { Metrics } from '../metrics/registry.ts';
import type { Snapshots } from '../snapshots/snapshots.ts';
import type { LogStore } from '../store/contract.ts';
import type { Polls } from '../intake/polls.ts';
import type { Streams } from '../streams/streams.ts';
import type { Health } from '../health.ts';

/** Everything that routes and loops work with. */
export interface ServerContext {
  readonly options: ServerOptions;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly logger: FastifyBaseLogger;
  readonly metrics: Metrics;
  readonly store: LogStore;
  readonly log: ControlLog;
  readonly intake: Intake;
  readonly snapshots: Snapshots;
  readonly streams: Streams;
  readonly polls: Polls;
  readonly admission: Admission;
  readonly health: Health;
  readonly otlp: OtlpReceiver;
  /** Servers that metrics may name. */
  readonly prometheus: ReadonlyMap<string, PrometheusServer>;
}
