import type { RolloutTelemetry } from '../telemetry/rollout/types.ts';
import { presentCohort } from './traffic.ts';
import type { Evidence } from './types.ts';

/** Late outcomes were counted as if nothing had happened: above this share of a stage's, that is no health. */
const TOLERATED_SHARE = 0.01;

/** What is missing of the last closed batch, and what was missing unseen of those before. */
export function lateEvidence(telemetry: RolloutTelemetry): Pick<Evidence, 'late' | 'lateShare'> {
  const arrivals = [
    presentCohort(telemetry)?.outcomes ?? { received: 0, late: 0 },
    ...telemetry.counted.metrics.map((metric) => metric.arrivals),
  ];
  return {
    late: telemetry.recent.at(-1)?.missing ?? [],
    lateShare: Math.max(...arrivals.map(shareLate)),
  };
}

/** Counts that came late are not among those received; outcomes are. */
function shareLate({
  received,
  late,
}: {
  readonly received: number;
  readonly late: number;
}): number {
  return late === 0 ? 0 : late / Math.max(received, late);
}

/** Whether telemetry is too late to tell health from silence (invariant 5). */
export function isTooLate({ late, lateShare }: Evidence): boolean {
  return late.length > 0 || lateShare > TOLERATED_SHARE;
}
