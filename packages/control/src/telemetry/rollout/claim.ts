import type { Metric } from '../../metric/types.ts';
import type { Cohort } from './cohort.ts';
import type { UnitRecord } from './units/unit-record.ts';
import type { Hypothesis } from './hypotheses.ts';
import type { RolloutTelemetry } from './types.ts';
import { cameBack, stepsTaken } from './unit-figure.ts';
import { worstWithin } from './unit-outcomes.ts';

/** A hypothesis with what it needs of the cohort, looked up once per batch. */
export interface Claim {
  readonly id: string;
  readonly kind: Hypothesis['kind'];
  /** Its metric, by name and by number. */
  readonly name: string;
  readonly metric: number;
  readonly definition: Metric | undefined;
  /** Undefined where the stage froze no latency threshold: nothing can be counted then. */
  readonly slowAbove: number | undefined;
}

/** The claims of a cohort at one horizon. What is counted by requests has no units to count here. */
export function claimsAt(telemetry: RolloutTelemetry, cohort: Cohort, horizonMs: number): Claim[] {
  return telemetry.hypotheses
    .filter((each) => each.horizonMs === horizonMs && each.byRequest === undefined)
    .map(({ id, kind, metric, definition }) => ({
      id,
      kind,
      name: metric,
      metric: telemetry.metrics.get(metric) ?? -1,
      definition,
      slowAbove: cohort.frozen?.hypotheses[id]?.latencyBucket,
    }));
}

/** Where a unit's outcomes are looked for: all of them, or what one service reported. */
interface ClaimScope {
  readonly horizonMs: number;
  /** Number of metrics: the step between the outcomes of one service and the next. */
  readonly metrics: number;
  /** Place of a service; absent: whoever reported it. */
  readonly service?: number;
}

/** Whether a unit counts as bad under a claim; undefined where that cannot be told. */
export function isBad(claim: Claim, record: UnitRecord, scope: ClaimScope): boolean | undefined {
  const { kind, slowAbove } = claim;
  if (kind === 'slow') {
    return slowAbove === undefined ? undefined : worstOf(claim, record, scope) > slowAbove;
  }
  const did = didWhatCounts(claim, record, scope);
  return kind === 'missing' ? !did : did;
}

/** The worst outcome of the claim's metric within the horizon; 0 where there was none. */
export function worstOf(
  { metric }: Pick<Claim, 'metric'>,
  record: UnitRecord,
  { horizonMs, ...series }: ClaimScope,
): number {
  return worstWithin(record, { metric, ...series }, horizonMs) ?? 0;
}

function didWhatCounts(claim: Claim, record: UnitRecord, scope: ClaimScope): boolean {
  const { metric, definition } = claim;
  if (definition?.kind === 'funnel') {
    return stepsTaken(record, { metric, definition }, scope.horizonMs) === definition.steps?.length;
  }
  if (definition?.kind === 'retention') {
    return cameBack(record, { metric, definition }, scope.horizonMs);
  }
  return worstOf(claim, record, scope) >= 1;
}
