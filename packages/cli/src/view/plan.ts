import { formatDuration, formatShare } from '../output/figures.ts';

/** A plan with every default filled in, as far as it is shown. */
export interface Plan {
  readonly key: string;
  readonly stages: readonly PlanStage[];
  readonly guardrails: readonly unknown[];
}

interface PlanStage {
  readonly allocations: readonly { readonly sharePerMillion: number }[];
  readonly bakeMs: number;
}

/** A plan's stages in one line: shares and bakes. */
export function describeStages({ stages }: Plan): string {
  return stages
    .map((stage) => `${formatShare(highestShare(stage))} for ${formatDuration(stage.bakeMs)}`)
    .join(', ');
}

/** The highest share that a stage serves to any audience. */
function highestShare({ allocations }: PlanStage): number {
  return Math.max(0, ...allocations.map(({ sharePerMillion }) => sharePerMillion));
}
