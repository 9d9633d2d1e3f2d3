import { batchEndingAfter } from './batches.ts';
import type { CohortTiming } from './cohort.ts';
import { sliceTexts } from './slice-dimension.ts';
import type { RolloutTelemetry } from './types.ts';

/** What cohorts need to know of their rollout now. */
export function timingOf(telemetry: RolloutTelemetry): CohortTiming {
  const { plan } = telemetry;
  return {
    horizonsMs: telemetry.horizonsMs,
    reactionTimeMs: plan.reactionTimeMs,
    openBatch: telemetry.openBatch,
    batchEndingAfter: (atMs) => batchEndingAfter(telemetry, atMs),
    sliceTexts: (code) => sliceTexts(telemetry.dimensions, code),
  };
}
