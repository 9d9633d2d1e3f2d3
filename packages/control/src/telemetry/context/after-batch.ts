import { noteLeaving } from '../rollout/leaving-baseline.ts';
import type { ClosedBatch, RolloutTelemetry } from '../rollout/types.ts';
import { absorbForAttribution, beginAttribution } from './attributing.ts';
import { absorbForWatch } from './watching.ts';
import { absorbWhole, beginWhole } from './whole-figures.ts';

const KEPT_BATCHES = 60;

/** What follows when a batch was counted and judged: it is kept, and taken into the rollout's context. */
export function afterBatch(telemetry: RolloutTelemetry, closed: ClosedBatch): void {
  telemetry.closedBatches += 1;
  telemetry.closedThroughMs = closed.endMs;
  telemetry.recent.push(closed);
  if (telemetry.recent.length > KEPT_BATCHES) telemetry.recent.shift();
  noteLeaving(telemetry);
  absorbForAttribution(telemetry, closed);
  absorbWhole(telemetry, closed);
  absorbForWatch(telemetry, closed);
}

/** What follows when a stage is entered. */
export function afterStageEntered(telemetry: RolloutTelemetry): void {
  beginAttribution(telemetry);
  beginWhole(telemetry);
}
