import type { RolloutState } from '../../rollout/types.ts';
import { environmentKey, environmentTelemetry, type TelemetryState } from '../state.ts';
import type { RolloutChange } from '../types.ts';
import { beginStage, createCounted } from '../counted/state.ts';
import { afterStageEntered } from '../context/after-batch.ts';
import { createContext } from '../context/create-context.ts';
import { measuredRollouts } from '../measured/measured-rollouts.ts';
import type { EnvironmentHours } from '../hours/types.ts';
import { createCohort } from './cohort.ts';
import { BASELINE_STAGE, type HistoryEntry, RECOVERY_STAGE, telemetryStage } from './history.ts';
import { horizonsOf } from './horizons.ts';
import { hypothesesOf, metricIndex } from './hypotheses.ts';
import { enterStage, startJudging } from './judging.ts';
import { readingsOf } from './readings.ts';
import { sliceDimensions } from './slice-dimension.ts';
import { noSurplus } from './surplus-units.ts';
import { noSyntheticUnits } from './synthetic-units.ts';
import type { Heard, RolloutTelemetry } from './types.ts';

/** A rollout began, moved or ended: what is measured from here on, and into which cohort. */
export function foldRolloutChange(state: TelemetryState, change: RolloutChange): void {
  const { rollout } = change;
  const known = state.rollouts.get(rollout.id);
  if (known === undefined) {
    endEarlierAttempts(state, rollout);
    const begun = begin(change, environmentTelemetry(state, rollout).hours);
    state.rollouts.set(rollout.id, begun);
    const environment = environmentTelemetry(state, rollout);
    measuredRollouts(state, environment).add(begun);
    environment.measured.push(rollout.id);
    enterCohort(begun, telemetryStage(rollout));
  } else if (change.position > known.throughPosition) {
    move(state, known, change);
  }
}

/** A new attempt replaces the one before, which hears of its end only so. */
function endEarlierAttempts(state: TelemetryState, rollout: RolloutState): void {
  const { measured } = environmentTelemetry(state, rollout);
  for (const id of [...measured]) {
    const earlier = state.rollouts.get(id);
    if (earlier?.rollout.flag !== rollout.flag) continue;
    earlier.rollout = {
      ...earlier.rollout,
      status: 'ended',
      statusSinceMs: rollout.startedAtMs,
    };
    forgetUnits(state, earlier);
  }
}

/** Forgets rollouts that were over before a moment. */
export function forgetOldRollouts(state: TelemetryState, beforeMs: number): void {
  for (const { id, rollout } of state.rollouts.values()) {
    if (rollout.status === 'ended' && rollout.statusSinceMs < beforeMs) state.rollouts.delete(id);
  }
}

function begin(
  { rollout, position, affects = [], excluded }: RolloutChange,
  hours: EnvironmentHours,
): RolloutTelemetry {
  const hypotheses = hypothesesOf(rollout.plan);
  return {
    id: rollout.id,
    environmentKey: environmentKey(rollout),
    rollout,
    plan: rollout.plan,
    hypotheses,
    metrics: metricIndex(rollout.plan),
    horizonsMs: horizonsOf(rollout.plan),
    readings: readingsOf(rollout.plan),
    history: [entryOf(rollout, position)],
    throughPosition: position,
    affects,
    ...(excluded === undefined ? {} : { excluded }),
    baselineServices: [],
    answered: [],
    cohorts: new Map(),
    dimensions: sliceDimensions(rollout.plan, affects),
    openBatch: 0,
    closedBatches: 0,
    closedThroughMs: rollout.startedAtMs,
    baseline: { rates: new Map(), latency: new Map(), means: new Map() },
    control: { rates: new Map(), latency: new Map(), means: new Map() },
    recent: [],
    spread: new Map(),
    left: new Set(),
    funnels: [],
    heard: quiet(rollout),
    outcomesHeard: quiet(rollout),
    treatmentUse: new Map(),
    counted: createCounted(rollout.plan, telemetryStage(rollout), rollout.stageEnteredAtMs),
    judge: startJudging(rollout, hypotheses),
    context: createContext(rollout, hours, affects),
    slice: 0,
    surplus: noSurplus(),
    dropped: { impossibleArm: 0, closedStage: 0, lateOutcomes: 0, movedOut: 0 },
    synthetic: noSyntheticUnits(),
  };
}

function move(state: TelemetryState, telemetry: RolloutTelemetry, change: RolloutChange): void {
  const { rollout, position } = change;
  const before = telemetry.rollout;
  telemetry.rollout = rollout;
  telemetry.affects = change.affects ?? telemetry.affects;
  if (change.excluded !== undefined) telemetry.excluded = change.excluded;
  telemetry.throughPosition = position;
  noteHistory(telemetry, entryOf(rollout, position));
  noteAnswer(telemetry, before);
  const stage = telemetryStage(rollout);
  // What was seen while the flag was down is over when the rollout goes on.
  if (rollout.status !== 'paused' && stage >= 0) telemetry.cohorts.delete(RECOVERY_STAGE);
  if (stage !== telemetryStage(before)) {
    telemetry.heard = quiet(rollout);
    telemetry.outcomesHeard = quiet(rollout);
    beginStage(telemetry.counted, stage, rollout.stageEnteredAtMs);
    enterCohort(telemetry, stage);
  }
  if (rollout.status === 'ended') forgetUnits(state, telemetry);
}

/** Holds and releases alone change nothing that a report is held against. */
function noteHistory({ history }: RolloutTelemetry, entry: HistoryEntry): void {
  const last = history.at(-1);
  const isSame =
    last?.stage === entry.stage &&
    (last.status === 'paused') === (entry.status === 'paused') &&
    JSON.stringify(last.allocations) === JSON.stringify(entry.allocations);
  if (!isSame) history.push(entry);
}

/** A person who resumes what was paused has answered its cause, for as long as the stage lasts. */
function noteAnswer(telemetry: RolloutTelemetry, before: RolloutState): void {
  const { rollout } = telemetry;
  if (rollout.stage !== before.stage) {
    telemetry.answered = [];
    delete telemetry.resumedAtMs;
  }
  const resumed = before.status === 'paused' && ['running', 'measuring'].includes(rollout.status);
  if (!resumed) return;
  telemetry.resumedAtMs = rollout.statusSinceMs;
  const code = before.cause?.code;
  if (code !== undefined && !telemetry.answered.includes(code)) telemetry.answered.push(code);
}

function enterCohort(telemetry: RolloutTelemetry, stage: number): void {
  const { rollout, cohorts } = telemetry;
  if (stage === RECOVERY_STAGE) cohorts.delete(RECOVERY_STAGE);
  if (cohorts.has(stage)) return;
  // The baseline is what was before the first stage; its units are part of no later comparison.
  if (stage >= 0) cohorts.delete(BASELINE_STAGE);
  if (stage === RECOVERY_STAGE) {
    for (const cohort of cohorts.values()) cohort.open = false;
    for (const cohort of telemetry.surplus.cohorts.values()) cohort.open = false;
  }
  cohorts.set(
    stage,
    createCohort({
      stage,
      enteredAtMs: stage === RECOVERY_STAGE ? rollout.statusSinceMs : rollout.stageEnteredAtMs,
      allocations: rollout.allocations,
      frozen: rollout.frozen,
    }),
  );
  if (stage < 0) return;
  enterStage(telemetry, rollout);
  afterStageEntered(telemetry);
}

/** Seen-sets are kept until the rollout ends. */
function forgetUnits(state: TelemetryState, telemetry: RolloutTelemetry): void {
  telemetry.cohorts.clear();
  telemetry.surplus.cohorts.clear();
  telemetry.synthetic.stages.clear();
  const environment = environmentTelemetry(state, telemetry.rollout);
  measuredRollouts(state, environment).remove(telemetry);
  const { measured } = environment;
  const index = measured.indexOf(telemetry.id);
  if (index >= 0) measured.splice(index, 1);
}

function quiet(rollout: RolloutState): Heard {
  const sinceMs = rollout.stageEnteredAtMs;
  return {
    stage: telemetryStage(rollout),
    lastAtMs: { control: sinceMs, treatment: sinceMs },
    signs: { control: 0, treatment: 0 },
  };
}

function entryOf(rollout: RolloutState, position: number): HistoryEntry {
  return {
    version: position,
    atMs: rollout.statusSinceMs,
    stage: telemetryStage(rollout),
    status: rollout.status,
    allocations: rollout.allocations,
  };
}
