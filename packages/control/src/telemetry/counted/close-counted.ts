import { absorbBaselineRequests, absorbRequests } from '@downhaul/judge';
import { BASELINE_STAGE, RECOVERY_STAGE } from '../rollout/history.ts';
import { recordCells } from '../rollout/record-tallies.ts';
import type { BatchCell, RolloutTelemetry } from '../rollout/types.ts';
import { forgetOldSeries } from './fold-points.ts';
import type { CountedCell, CountedMetric } from './state.ts';

interface ClosingCounts {
  readonly batch: number;
  readonly endMs: number;
  /** False where services that tell by OTLP had not told everything: it counts for harm alone then. */
  readonly complete: boolean;
}

/**
 * Closes a batch of everything that is counted by request: the figures of both arms go to the judge, stage
 * by stage, those of the baseline to the baseline. A metric without figures adds nothing and is missing.
 */
export function closeCounted(telemetry: RolloutTelemetry, closing: ClosingCounts): BatchCell[] {
  return telemetry.counted.metrics.flatMap((metric) => closeMetric(telemetry, metric, closing));
}

function closeMetric(
  telemetry: RolloutTelemetry,
  metric: CountedMetric,
  closing: ClosingCounts,
): BatchCell[] {
  const closed = metric.open.filter(({ batch }) => batch <= closing.batch);
  metric.open = metric.open.filter(({ batch }) => batch > closing.batch);
  if (closed.length > 0) metric.readBatch = closing.batch;
  for (const cell of closed) noteHeard(metric, cell, closing.endMs);
  forgetOldSeries(metric, closing.endMs);
  // What could not be counted of the batch may be of one arm alone.
  const isPartial = metric.source.type === 'otlp' && metric.fault?.batch === closing.batch;
  const hypotheses = telemetry.hypotheses.filter((each) => each.metric === metric.metric);
  return stagesOf(closed).flatMap((stage) => {
    const treatment = sumOf(closed, stage, 'treatment');
    const control = sumOf(closed, stage, 'control');
    const cells = hypotheses.map(({ id }) => cellOf(id, { stage, treatment, control }));
    if (stage !== RECOVERY_STAGE) {
      const counts = stage === BASELINE_STAGE ? telemetry.baseline : telemetry.control;
      recordCells(telemetry, counts, cells);
    }
    if (stage === BASELINE_STAGE) {
      for (const { id } of hypotheses) {
        absorbBaselineRequests(telemetry.judge, { hypothesis: id, control });
      }
    }
    if (stage >= 0) {
      for (const { id } of hypotheses) {
        const harmOnly = !closing.complete || isPartial;
        const place = { hypothesis: id, stage, stratum: '0', harmOnly };
        absorbRequests(telemetry.judge, { ...place, treatment, control });
      }
    }
    return cells;
  });
}

/** The lower stage first. */
function stagesOf(cells: readonly CountedCell[]): number[] {
  const stages = cells.filter(({ arm }) => arm !== 'service').map(({ stage }) => stage);
  return [...new Set(stages)].sort((one, other) => one - other);
}

function sumOf(cells: readonly CountedCell[], ofStage: number, ofArm: CountedCell['arm']) {
  let exposure = 0;
  let events = 0;
  for (const cell of cells) {
    if (cell.stage !== ofStage || cell.arm !== ofArm) continue;
    exposure += cell.exposure;
    events += cell.events;
  }
  return { exposure, events };
}

type Sum = ReturnType<typeof sumOf>;

/** To baselines, spreads and recoveries a request is what a unit is elsewhere. */
function cellOf(
  hypothesis: string,
  {
    stage,
    treatment,
    control,
  }: { readonly stage: number; readonly treatment: Sum; readonly control: Sum },
): BatchCell {
  return {
    stage,
    hypothesis,
    treatment: { units: treatment.exposure, bad: treatment.events },
    control: { units: control.exposure, bad: control.events },
  };
}

function noteHeard(
  metric: CountedMetric,
  { arm, stage, exposure }: CountedCell,
  endMs: number,
): void {
  if (exposure === 0 || stage !== metric.requests.stage) return;
  if (arm === 'service') {
    // Of both arms at once, and of nobody's requests in particular.
    metric.heardMs = { control: endMs, treatment: endMs };
    return;
  }
  metric.heardMs[arm] = Math.max(metric.heardMs[arm], endMs);
  metric.requests[arm] += exposure;
}
