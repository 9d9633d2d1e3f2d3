import type { Arm } from '@downhaul/engine';
import { FRESHNESS_BATCHES } from '@downhaul/judge';
import { batchEndMs } from '../telemetry/rollout/batches.ts';
import { hasControlArm } from '../telemetry/rollout/history.ts';
import type { RolloutTelemetry } from '../telemetry/rollout/types.ts';
import type { CountedMetric } from '../telemetry/counted/state.ts';

/** A metric that is counted by request: what arrives of it, and why it is not fresh. */
export interface SourceEvidence {
  readonly metric: string;
  readonly type: 'prometheus' | 'otlp';
  /** Name of the Prometheus server. */
  readonly server?: string;
  /** `failing`: the last closed batch could not be read. `stale`: no figures for five batches. */
  readonly state: 'fresh' | 'failing' | 'stale';
  /** Why, where it is not fresh. */
  readonly code?: string;
  readonly text?: string;
  /** Requests of the present stage by arm; the units behind them are not known. */
  readonly requests: { readonly treatment: number; readonly control: number };
}

/** Every metric of the rollout that is counted by request, in the order of the plan. */
export function sourceEvidence(
  telemetry: RolloutTelemetry,
  nowMs: number,
  graceMs: number,
): SourceEvidence[] {
  return telemetry.counted.metrics.map((metric) => {
    const { source, requests } = metric;
    return {
      metric: metric.metric,
      type: source.type,
      ...(source.type === 'prometheus' ? { server: source.server } : {}),
      ...standing(telemetry, metric, nowMs - graceMs),
      requests: { treatment: requests.treatment, control: requests.control },
    };
  });
}

/** Metrics whose figures cannot be trusted to be there: each is a hold. */
export function notFresh(sources: readonly SourceEvidence[]): readonly SourceEvidence[] {
  return sources.filter(({ state }) => state !== 'fresh');
}

function standing(
  telemetry: RolloutTelemetry,
  metric: CountedMetric,
  knownMs: number,
): Pick<SourceEvidence, 'state' | 'code' | 'text'> {
  const { fault, readBatch } = metric;
  const name = nameOf(metric);
  // That there is no series is no failure of the server: five batches of it are.
  // What OTLP tells of a batch may be countable in part: that is no whole figure.
  const least = metric.source.type === 'otlp' ? readBatch : readBatch + 1;
  const failed = fault !== undefined && fault.code !== 'no_series' && fault.batch >= least;
  if (failed && isRecent(telemetry, fault.batch, knownMs)) {
    return { state: 'failing', code: fault.code, text: `${name} cannot be read: ${fault.text}` };
  }
  const limitMs = FRESHNESS_BATCHES * telemetry.plan.batchMs;
  const heardMs = Math.max(...askedArms(telemetry).map((arm) => metric.heardMs[arm]));
  if (knownMs - heardMs <= limitMs) return { state: 'fresh' };
  const text = `${name} has had no figures of any arm for ${FRESHNESS_BATCHES} batches.`;
  return { state: 'stale', code: 'no_figures', text };
}

/** A failure is told while no later batch can have been read. */
function isRecent(telemetry: RolloutTelemetry, batch: number, knownMs: number): boolean {
  const { batchMs } = telemetry.plan;
  return knownMs - batchEndMs(telemetry, batch) <= (FRESHNESS_BATCHES + 1) * batchMs;
}

function nameOf({ metric, source }: CountedMetric): string {
  return source.type === 'otlp'
    ? `${metric}, told by OTLP,`
    : `${metric} from the Prometheus server ${source.server}`;
}

function askedArms({ rollout }: RolloutTelemetry): readonly Arm[] {
  return hasControlArm(rollout.allocations) ? ['control'] : ['treatment'];
}
