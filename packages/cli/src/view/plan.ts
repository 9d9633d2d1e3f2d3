import type { PlanStage } from '../api/answers.ts';
import { formatDuration, formatShare } from '../output/figures.ts';

/** A plan's stages in one line: shares and bakes. */
export function describeStages({ stages }: { readonly stages: readonly PlanStage[] }): string {
  return stages
    .map((stage) => `${formatShare(highestShare(stage))} for ${formatDuration(stage.bakeMs)}`)
    .join(', ');
}

/** The highest share that a stage serves to any audience. */
export function highestShare({ allocations }: PlanStage): number {
  return Math.max(0, ...allocations.map(({ sharePerMillion }) => sharePerMillion));
}
