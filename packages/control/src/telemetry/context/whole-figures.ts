import { hasControlArm } from '../rollout/history.ts';
import type { Hypothesis } from '../rollout/hypotheses.ts';
import type { ClosedBatch, RolloutTelemetry } from '../rollout/types.ts';
import type { WholeFigures, WholeReference } from './types.ts';

export const QUARTER_MS = 900_000;
/** Quarters that are kept: four whole ones and the one that is filled. */
const KEPT_QUARTERS = 7;
/** Batches of control before the raise that say how things were. */
const REFERENCE_BATCHES = 30;

/** Freezes what the stage without a control arm is held against, when it is entered. */
export function beginWhole(telemetry: RolloutTelemetry): void {
  const { rollout, context, hypotheses } = telemetry;
  if (hasControlArm(rollout.allocations)) return;
  for (const hypothesis of hypotheses) {
    if (hypothesis.role !== 'guardrail' || hypothesis.kind === 'mean') continue;
    // A further stage in which everyone is treated has the reference of the first one.
    const reference = context.whole[hypothesis.id]?.reference ?? referenceOf(telemetry, hypothesis);
    if (reference !== undefined) context.whole[hypothesis.id] = { reference, quarters: [] };
  }
}

/** Adds a closed batch to its quarter of an hour. */
export function absorbWhole(telemetry: RolloutTelemetry, { cells, endMs }: ClosedBatch): void {
  const { context, rollout } = telemetry;
  for (const { hypothesis, stage, treatment, control } of cells) {
    const figures = context.whole[hypothesis];
    if (figures === undefined || stage !== rollout.stage) continue;
    const quarter = quarterAt(telemetry, figures, endMs);
    quarter.units += treatment.units + control.units;
    quarter.bad += treatment.bad + control.bad;
    quarter.batches += 1;
    quarter.endMs = endMs;
  }
}

function quarterAt({ rollout, plan }: RolloutTelemetry, { quarters }: WholeFigures, endMs: number) {
  const lengthMs = Math.max(QUARTER_MS, plan.batchMs);
  const index = Math.max(0, Math.ceil((endMs - rollout.stageEnteredAtMs) / lengthMs) - 1);
  const last = quarters.at(-1);
  if (last?.index === index) return last;
  const begun = { index, units: 0, bad: 0, batches: 0, endMs };
  quarters.push(begun);
  if (quarters.length > KEPT_QUARTERS) quarters.shift();
  return begun;
}

/** Control's last batches before the raise; the recorded baseline where they say nothing. */
function referenceOf(
  telemetry: RolloutTelemetry,
  hypothesis: Hypothesis,
): WholeReference | undefined {
  const frozen = telemetry.rollout.frozen?.hypotheses[hypothesis.id];
  if (frozen === undefined) return undefined;
  const sum = { units: 0, bad: 0, atMs: 0, batches: 0 };
  for (const { cells, endMs } of telemetry.recent.toReversed()) {
    const cell = cells.findLast((each) => each.hypothesis === hypothesis.id);
    if (cell === undefined || cell.control.units === 0 || sum.batches >= REFERENCE_BATCHES)
      continue;
    if (!isCounted(telemetry, hypothesis, cell.stage)) continue;
    sum.units += cell.control.units;
    sum.bad += cell.control.bad;
    sum.batches += 1;
    sum.atMs = Math.max(sum.atMs, endMs);
  }
  if (sum.units > 0) return { units: sum.units, bad: sum.bad, atMs: sum.atMs, of: 'control' };
  const { baselineUnits: units, baselineRate } = frozen;
  if (units === 0) return undefined;
  return { units, bad: baselineRate * units, atMs: telemetry.rollout.startedAtMs, of: 'baseline' };
}

/** Slow is what is above the threshold of its stage: two stages are alike where that is the same. */
function isCounted(
  { cohorts, rollout }: RolloutTelemetry,
  { id, kind }: Hypothesis,
  stage: number,
) {
  if (kind !== 'slow') return true;
  const threshold = cohorts.get(stage)?.frozen?.hypotheses[id]?.latencyBucket;
  return threshold !== undefined && threshold === rollout.frozen?.hypotheses[id]?.latencyBucket;
}
