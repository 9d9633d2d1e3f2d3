import { fillQuery, hasArm, type QueryFacts, windowText } from '../../source/query.ts';
import type { PrometheusSource } from '../../metric/source.ts';
import type { Plan } from '../../plan/types.ts';
import { batchEndingAfter, batchEndMs, lastEndMs } from '../rollout/batches.ts';
import { couldServe } from '../rollout/history.ts';
import type { RolloutTelemetry } from '../rollout/types.ts';
import type { TelemetryState } from '../state.ts';
import { entryDuring } from './entry-during.ts';
import type { CountedArm } from './types.ts';

/** One reading that is to be made: all queries of one metric for one batch. */
export interface DueReading {
  readonly rollout: string;
  readonly project: string;
  readonly environment: string;
  readonly flag: string;
  readonly metric: string;
  readonly server: string;
  readonly batch: number;
  readonly stage: number;
  readonly fromMs: number;
  /** Moment that the queries are evaluated at. */
  readonly toMs: number;
  /** Figures that come later find their batch closed. */
  readonly closesAtMs: number;
  /** Part of what `increase` gives that is not extrapolated. */
  readonly seenShare: number;
  readonly arms: readonly {
    readonly arm: CountedArm;
    readonly queries: PrometheusSource['queries'];
  }[];
}

/**
 * The readings of Prometheus that are due: for every batch that has ended and is not closed, of each metric
 * without figures yet. A batch is read `delay` back, and not at all where the stage or the shares
 * changed in what it is about: requests of before and after would be compared.
 */
export function dueReadings(state: TelemetryState, nowMs: number): DueReading[] {
  return [...state.rollouts.values()]
    .filter(({ rollout }) => rollout.status !== 'ended')
    .flatMap((telemetry) => readingsOf(telemetry, nowMs, state.options.graceMs));
}

/** What a reading would ask before a rollout has started: of control alone, for the batch before now. */
export function trialReading(
  { plan, source, control, ...place }: TrialOf,
  nowMs: number,
): DueReading {
  const toMs = nowMs - source.delayMs;
  const queries = filled(source, {
    arm: control,
    flag: place.flag,
    environment: place.environment,
    rollout: `${place.project}/${place.environment}/${place.flag}#0`,
    window: windowText(plan.batchMs),
  });
  return {
    ...place,
    rollout: '',
    server: source.server,
    batch: 0,
    stage: -1,
    fromMs: toMs - plan.batchMs,
    toMs,
    closesAtMs: nowMs + TRIAL_MS,
    seenShare: 1,
    arms: [{ arm: 'control', queries }],
  };
}

const TRIAL_MS = 5_000;

interface TrialOf extends Pick<DueReading, 'project' | 'environment' | 'flag' | 'metric'> {
  readonly plan: Pick<Plan, 'batchMs'>;
  readonly source: PrometheusSource;
  /** Variant that everyone gets now. */
  readonly control: string;
}

function readingsOf(telemetry: RolloutTelemetry, nowMs: number, graceMs: number): DueReading[] {
  const due: DueReading[] = [];
  for (const { metric, source, open, fault } of telemetry.counted.metrics) {
    if (source.type !== 'prometheus') continue;
    // What ended before the grace is closed, or about to be: it is not gone through again and again.
    const first = batchEndingAfter(telemetry, nowMs - graceMs);
    for (let batch = Math.max(first, telemetry.openBatch); ; batch++) {
      const endMs = batchEndMs(telemetry, batch);
      if (endMs > Math.min(nowMs, lastEndMs(telemetry))) break;
      const closesAtMs = endMs + graceMs;
      const isDone = open.some((cell) => cell.batch === batch) || (fault?.batch ?? -1) >= batch;
      if (isDone || closesAtMs <= nowMs) continue;
      const reading = readingOf(telemetry, source, endMs - source.delayMs);
      if (reading !== undefined) due.push({ ...reading, metric, batch, closesAtMs });
    }
  }
  return due;
}

function readingOf(
  telemetry: RolloutTelemetry,
  source: PrometheusSource,
  toMs: number,
): Omit<DueReading, 'metric' | 'batch' | 'closesAtMs'> | undefined {
  const { rollout, plan } = telemetry;
  const fromMs = toMs - plan.batchMs;
  const entry = entryDuring(telemetry, fromMs, toMs);
  if (entry === undefined) return undefined;
  const texts = Object.values(source.queries);
  const arms: readonly CountedArm[] = texts.some(hasArm) ? ['control', 'treatment'] : ['service'];
  const { project, environment, flag } = rollout;
  return {
    rollout: telemetry.id,
    project,
    environment,
    flag,
    server: source.server,
    stage: entry.stage,
    fromMs,
    toMs,
    seenShare: 1 - Math.min(0.5, source.scrapeMs / plan.batchMs),
    arms: arms
      .filter((arm) => arm === 'service' || couldServe(entry, arm))
      .map((arm) => ({ arm, queries: filled(source, factsOf(telemetry, arm)) })),
  };
}

function factsOf({ rollout, plan }: RolloutTelemetry, arm: CountedArm): QueryFacts {
  return {
    arm: arm === 'treatment' ? rollout.to : rollout.control,
    flag: rollout.flag,
    environment: rollout.environment,
    rollout: rollout.id,
    window: windowText(plan.batchMs),
  };
}

function filled({ queries }: PrometheusSource, facts: QueryFacts): PrometheusSource['queries'] {
  if ('value' in queries) return { value: fillQuery(queries.value, facts) };
  return { bad: fillQuery(queries.bad, facts), total: fillQuery(queries.total, facts) };
}
