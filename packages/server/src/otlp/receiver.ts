import {
  acceptOtlp,
  type IntakeBody,
  type Joined,
  type TelemetryScope,
  type ToldPoint,
} from '@downhaul/control';
import type { Intake } from '../intake/intake.ts';
import type { ControlLog } from '../log/control-log.ts';
import type { Metrics } from '../metrics/registry.ts';
import type { LogStore } from '../store/contract.ts';
import { createSeries } from './series.ts';
import type { Told } from './told.ts';
import { createTraceJoin } from './trace-join.ts';

/** Takes what services tell by OTLP into the intake. */
export interface OtlpReceiver {
  /** Resolves when everything is durable. What another service told is refused and counted. */
  take(scope: TelemetryScope, told: readonly Told[]): Promise<Taken>;
}

interface Taken {
  readonly rejected: number;
  /** Why, where anything was rejected. */
  readonly message: string;
}

interface ReceiverInput {
  readonly store: Pick<LogStore, 'nowMs'>;
  readonly log: ControlLog;
  readonly intake: Intake;
  readonly metrics: Metrics;
}

/** A receiver with its memory: traces that wait for their other half, and what series had counted. */
export function createOtlpReceiver(input: ReceiverInput): OtlpReceiver {
  const { store, metrics } = input;
  const join = createTraceJoin();
  const series = createSeries(store.nowMs());
  metrics.declare('downhaul_otlp_items_total', 'counter', 'Spans, records and points received.');
  metrics.declare(
    'downhaul_otlp_items_dropped_total',
    'counter',
    'What OTLP told and counts nowhere, by cause.',
  );
  metrics.gauge('downhaul_otlp_traces_waiting', 'Traces kept in memory.', () => join.waiting);
  metrics.gauge(
    'downhaul_otlp_traces_lost',
    'Traces forgotten with an evaluation whose request never came.',
    () => join.lost,
  );
  return {
    take: async (scope, told) => {
      const foreign = told.filter(
        ({ service }) => service !== undefined && service !== scope.service,
      );
      const own = told.filter((each) => !foreign.includes(each));
      await Promise.all(
        own.map((each) => takeOne(input, scope, { ...each, ...joined(scope, each) })),
      );
      return rejection(scope, foreign);
    },
  };

  /** Pairs of evaluations and requests, and what points add. Flags that nothing measures are passed over. */
  function joined(scope: TelemetryScope, { instance, ...told }: Told): Brought {
    const flags = measuredFlags(input.intake, scope);
    if (flags.size === 0) return { joined: [], added: [] };
    const { project, environment, service } = scope;
    const evaluations = told.evaluations.filter(({ flag }) => flags.has(flag));
    const key = `${project}/${environment}/${service}`;
    const { requests } = told;
    return {
      joined: join.add({ key, evaluations, requests, nowMs: store.nowMs() }),
      added: told.points.flatMap((point) => series.added(point, `${key}/${instance}`) ?? []),
    };
  }

  function rejection({ service }: TelemetryScope, foreign: readonly Told[]): Taken {
    const rejected = foreign.reduce((sum, { items }) => sum + items, 0);
    if (rejected === 0) return { rejected, message: '' };
    metrics.count('downhaul_otlp_items_dropped_total', rejected, { cause: 'other_service' });
    const names = [...new Set(foreign.map((each) => each.service))].join(', ');
    return { rejected, message: `The token is bound to ${service}, this was told by ${names}.` };
  }
}

interface Brought {
  readonly joined: readonly Joined[];
  readonly added: readonly ToldPoint[];
}

async function takeOne(
  { store, log, intake, metrics }: ReceiverInput,
  scope: TelemetryScope,
  told: Told & Brought,
): Promise<void> {
  metrics.count('downhaul_otlp_items_total', told.items);
  const environment = log.state.projects.get(scope.project)?.environments.get(scope.environment);
  const { body, dropped } = acceptOtlp(intake.state, {
    scope,
    instance: told.instance,
    joined: told.joined,
    requests: told.requests,
    points: told.added,
    unitSalt: environment?.unitSalt ?? '',
    receivedAtMs: store.nowMs(),
  });
  for (const [cause, items] of Object.entries(dropped)) {
    metrics.count('downhaul_otlp_items_dropped_total', items, { cause });
  }
  if (body === undefined) return;
  const row: IntakeBody = { type: 'counted', scope, ...body };
  await intake.submit({ body: row });
}

function measuredFlags({ state }: Intake, { project, environment }: TelemetryScope): Set<string> {
  const measured = state.environments.get(`${project}/${environment}`)?.measured ?? [];
  return new Set(measured.flatMap((id) => state.rollouts.get(id)?.rollout.flag ?? []));
}
