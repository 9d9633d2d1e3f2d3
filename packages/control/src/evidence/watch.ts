import { assessDetector, explainWatch } from '@downhaul/judge';
import { hasControlArm } from '../telemetry/rollout/history.ts';
import type { RolloutTelemetry } from '../telemetry/rollout/types.ts';
import type { WatchEvidence } from './types.ts';

/** The watch of a completed rollout; undefined in any other status. */
export function watchEvidence(
  { rollout, context, plan }: RolloutTelemetry,
  nowMs: number,
): WatchEvidence | undefined {
  if (rollout.status !== 'completed') return undefined;
  const { untilMs, forMs } = rollout.plan.watch ?? {};
  const endsAtMs = forMs === undefined ? untilMs : rollout.statusSinceMs + forMs;
  const guardrails = Object.entries(context.watch).map(([hypothesis, detector]) => {
    const { alarm, logStatistic, limit, beganBatchesAgo } = assessDetector(detector);
    const text = explainWatch({ alarm, logStatistic, limit, beganBatchesAgo }, plan.batchMs);
    return { hypothesis, alarm, logE: Math.max(0, logStatistic), limit, text };
  });
  return {
    against: hasControlArm(rollout.allocations) ? 'holdback' : 'limit',
    ...(endsAtMs === undefined ? {} : { endsAtMs }),
    over: endsAtMs !== undefined && nowMs >= endsAtMs,
    guardrails,
    alarms: guardrails.filter(({ alarm }) => alarm).map(({ hypothesis }) => hypothesis),
  };
}
