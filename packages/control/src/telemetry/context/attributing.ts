import {
  absorbAttribution,
  createAttribution,
  createLimitProcess,
  forgetLastRaise,
  limitLogE,
  mayReachLimit,
  openAttributionStart,
  raiseSeemsToTell,
  rateUpperBound,
  shareLogE,
} from '@downhaul/judge';
import { sameJson } from '../../document/same-json.ts';
import { stageAllocations } from '../../plan/stage-allocations.ts';
import type { FrozenHypothesis } from '../../rollout/types.ts';
import { BASELINE_STAGE } from '../rollout/history.ts';
import type { Hypothesis } from '../rollout/hypotheses.ts';
import type { BatchCell, ClosedBatch, RolloutTelemetry, UnitCounts } from '../rollout/types.ts';
import { ordinaryLimit, ordinaryMove } from './ordinary.ts';
import type { Attributing } from './types.ts';

/** What a rate may wander by itself between neighbouring batches. */
const WANDER = 1.1;
const CONFIDENCE = 0.99;
const HOUR_MS = 3_600_000;
/** What happens to a unit later than this is told by no hour in particular. */
const LONGEST_HORIZON_MS = HOUR_MS;
/** Control is back when so many batches together are within what its baseline allows. */
const BACK_BATCHES = 5;
/** So many bad outcomes must have been allowed in them before their absence says that a raise did nothing. */
const TELLING = 5;

/** The error of each claim of the attribution: guardrails share the alpha of harm. */
export function attributionAlpha({ plan, hypotheses }: RolloutTelemetry): number {
  let guardrails = 0;
  for (const { role } of hypotheses) if (role === 'guardrail') guardrails += 1;
  return plan.alphaHarm / Math.max(1, guardrails);
}

/** Begins the attribution of every guardrail when the first stage is entered: the baseline is known now. */
export function beginAttribution(telemetry: RolloutTelemetry): void {
  const { context, hypotheses, rollout } = telemetry;
  for (const hypothesis of hypotheses) {
    const frozen = rollout.frozen?.hypotheses[hypothesis.id];
    const isTold =
      hypothesis.role === 'guardrail' &&
      hypothesis.kind !== 'mean' &&
      hypothesis.horizonMs <= LONGEST_HORIZON_MS;
    if (!isTold || frozen === undefined || frozen.baselineUnits === 0) continue;
    if (context.attribution[hypothesis.id] !== undefined) continue;
    const begun = beginOne(frozen, rollout.stageEnteredAtMs);
    context.attribution[hypothesis.id] = begun;
    for (const batch of telemetry.recent) absorbOne(telemetry, hypothesis, batch);
  }
}

/** Takes a closed batch into the attribution of every guardrail. */
export function absorbForAttribution(telemetry: RolloutTelemetry, batch: ClosedBatch): void {
  for (const hypothesis of telemetry.hypotheses) absorbOne(telemetry, hypothesis, batch);
}

function beginOne(frozen: FrozenHypothesis, atMs: number): Attributing {
  const { baselineRate, baselineUnits, harmNull } = frozen;
  const units = Math.round(baselineUnits);
  const bad = Math.min(units, Math.round(baselineRate * units));
  const upper = Math.max(rateUpperBound({ units, bad }, CONFIDENCE), baselineRate);
  const rate = baselineRate > 0 ? baselineRate : upper;
  const tolerated = (harmNull.ratio * rate + harmNull.excess) / rate;
  return {
    process: createAttribution(WANDER * Math.max(1, tolerated)),
    upper,
    measuredAtMs: atMs,
    stage: BASELINE_STAGE,
    raises: 0,
    startedAtMs: atMs,
    sharedSinceMs: null,
  };
}

function absorbOne(
  telemetry: RolloutTelemetry,
  hypothesis: Hypothesis,
  { cells, endMs }: ClosedBatch,
): void {
  const state = telemetry.context.attribution[hypothesis.id];
  if (state === undefined) return;
  const cell = cells.findLast((each) => each.hypothesis === hypothesis.id);
  if (cell === undefined || cell.stage < state.stage) return;
  if (cell.stage > state.stage) enter(telemetry, state, cell.stage);
  const limit = allowedRate(telemetry, hypothesis, endMs);
  if (limit === undefined) return;
  if (endMs - state.startedAtMs >= HOUR_MS) {
    openAttributionStart(state.process);
    state.startedAtMs = endMs;
  }
  absorbAttribution(state.process, {
    // Any number that rises with every raise: what moves with it is asked, not how far.
    share: state.raises / (state.raises + 1),
    counts: { treatment: whole(cell.treatment), control: whole(cell.control) },
    limit,
  });
  noteControl(telemetry, state, { cell, limit, endMs });
}

/** Requests that were read off a rate need not be whole numbers. */
function whole({ units, bad }: UnitCounts): UnitCounts {
  const rounded = Math.round(units);
  return { units: rounded, bad: Math.min(rounded, Math.round(bad)) };
}

interface Seen {
  readonly cell: BatchCell;
  readonly limit: number;
  readonly endMs: number;
}

/**
 * Evidence against control ends where control is as before again; till then what is shared is timed. What a
 * raise seemed to do ends there too: whatever it was, it went while the share stayed.
 */
function noteControl(telemetry: RolloutTelemetry, state: Attributing, seen: Seen): void {
  const shown = -Math.log(attributionAlpha(telemetry));
  const { control, service } = state.process;
  let isWorse = mayReachLimit(control, shown) && limitLogE(control) >= shown;
  const seemsRaised = raiseSeemsToTell(service);
  const back = isWorse || seemsRaised ? backOf(telemetry, seen) : 'no';
  if (seemsRaised && back === 'surely') forgetLastRaise(service);
  if (isWorse && back !== 'no') {
    state.process = { ...state.process, control: createLimitProcess() };
    isWorse = false;
  }
  const isShared = isWorse && shareLogE(state.process.service) >= shown;
  state.sharedSinceMs = isShared ? (state.sharedSinceMs ?? seen.endMs) : null;
}

/** Stages that treat the same units as the one before are no raise. */
function enter({ plan }: RolloutTelemetry, state: Attributing, stage: number): void {
  const before = state.stage < 0 ? undefined : stageAllocations(plan, state.stage);
  if (!sameJson(before, stageAllocations(plan, stage))) state.raises += 1;
  state.stage = stage;
}

/** The rate that the baseline, its margin and an ordinary day allow at a moment. */
function allowedRate(
  telemetry: RolloutTelemetry,
  { id, metric, kind }: Hypothesis,
  atMs: number,
): number | undefined {
  const state = telemetry.context.attribution[id];
  const frozen = telemetry.rollout.frozen?.hypotheses[id];
  if (state === undefined || frozen === undefined) return undefined;
  const { factor } = ordinaryMove(telemetry.context.earlier[metric], {
    fromMs: state.measuredAtMs,
    toMs: atMs,
    rises: kind !== 'missing',
  });
  const limit = ordinaryLimit(kind, state.upper, { null: frozen.harmNull, factor });
  return limit > 0 ? limit : undefined;
}

/**
 * Whether control is within its limit in the last batches; surely where the whole service is too, and enough
 * could have shown that it is not. A small holdback alone tells little in five batches.
 */
function backOf({ recent }: RolloutTelemetry, { cell, limit }: Seen): 'no' | 'perhaps' | 'surely' {
  const control = { units: 0, bad: 0 };
  const all = { units: 0, bad: 0 };
  for (const { cells } of recent.slice(-BACK_BATCHES)) {
    const own = cells.findLast((each) => each.hypothesis === cell.hypothesis);
    if (own === undefined) continue;
    addTo(control, own.control);
    addTo(all, own.control);
    addTo(all, own.treatment);
  }
  if (control.bad > control.units * limit) return 'no';
  const allowed = all.units * limit;
  return control.units > 0 && allowed >= TELLING && all.bad <= allowed ? 'surely' : 'perhaps';
}

function addTo(sum: { units: number; bad: number }, { units, bad }: UnitCounts): void {
  sum.units += units;
  sum.bad += bad;
}
