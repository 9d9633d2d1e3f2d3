import {
  assessDetector,
  createDetector,
  type Detector,
  resetDetector,
  watchHoldback,
  watchLimit,
} from '@downhaul/judge';
import { PLAN_DEFAULTS } from '../../plan/defaults.ts';
import type { Hypothesis } from '../rollout/hypotheses.ts';
import { hasControlArm } from '../rollout/history.ts';
import { pooled } from '../rollout/leaving-baseline.ts';
import type { BatchCell, ClosedBatch, RolloutTelemetry } from '../rollout/types.ts';
import { ordinaryLimit, ordinaryMove } from './ordinary.ts';

/** A rate without a control is back when so many batches together are within their limit. */
const BACK_BATCHES = 5;

/** Takes a closed batch of a completed rollout into the watch of every guardrail; else there is no watch. */
export function absorbForWatch(telemetry: RolloutTelemetry, { cells }: ClosedBatch): void {
  const { rollout, context } = telemetry;
  if (rollout.status !== 'completed') {
    for (const id in context.watch) delete context.watch[id];
    return;
  }
  for (const hypothesis of telemetry.hypotheses) {
    if (hypothesis.role !== 'guardrail') continue;
    const cell = cells.findLast((each) => each.hypothesis === hypothesis.id);
    if (cell === undefined || cell.stage !== rollout.stage) continue;
    const detector = (context.watch[hypothesis.id] ??= createDetector(stepsApart(telemetry)));
    if (hasControlArm(rollout.allocations)) againstHoldback(telemetry, detector, cell);
    else againstLimit(telemetry, hypothesis, { detector, cell });
  }
}

/** A step is a batch or more, so batches are the safe count. */
function stepsApart({ rollout, plan }: RolloutTelemetry): number {
  const everyMs = rollout.plan.watch?.falseAlarmEveryMs ?? PLAN_DEFAULTS.watch.falseAlarmEveryMs;
  return Math.max(2, everyMs / plan.batchMs);
}

function againstHoldback(telemetry: RolloutTelemetry, detector: Detector, cell: BatchCell): void {
  const frozen = telemetry.rollout.frozen?.hypotheses[cell.hypothesis];
  const control = telemetry.control.rates.get(cell.hypothesis);
  if (frozen === undefined || control === undefined) return;
  // The bet is predicted from what was before the batch at hand.
  const units = control.units - cell.control.units;
  const bad = control.bad - cell.control.bad;
  const controlRate = Math.min(1, (bad + 0.5) / (units + 1));
  const counts = { treatment: cell.treatment, control: cell.control };
  watchHoldback(detector, { counts, null: frozen.harmNull, controlRate });
}

function againstLimit(
  telemetry: RolloutTelemetry,
  { id, metric, kind }: Hypothesis,
  { detector, cell }: { readonly detector: Detector; readonly cell: BatchCell },
): void {
  const reference = telemetry.context.whole[id]?.reference;
  const frozen = telemetry.rollout.frozen?.hypotheses[id];
  if (reference === undefined || frozen === undefined) return;
  const { factor } = ordinaryMove(telemetry.context.earlier[metric], {
    fromMs: reference.atMs,
    toMs: telemetry.closedThroughMs,
    rises: kind !== 'missing',
  });
  const rate = (reference.bad + 0.5) / (reference.units + 1);
  const limit = ordinaryLimit(kind, Math.min(1, rate), { null: frozen.harmNull, factor });
  if (!(limit > 0)) return;
  const units = Math.round(cell.treatment.units);
  watchLimit(detector, { units, bad: Math.min(units, Math.round(cell.treatment.bad)), limit });
  if (!assessDetector(detector).alarm) return;
  // An alarm that nobody rolled back for is over when the rate is.
  const last = pooled(telemetry.recent.slice(-BACK_BATCHES), id, (of) => of === cell.stage);
  if (last.units > 0 && last.bad / last.units <= limit) resetDetector(detector);
}
