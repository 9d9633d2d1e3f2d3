import { createProcess } from '../betting/process.ts';
import { HARM_MIXTURE, NON_INFERIORITY_MIXTURE } from '../betting/mixtures.ts';
import { JudgeInputError } from '../error/judge-input-error.ts';
import { requireNull, requireShare } from '../error/require.ts';
import type { Null } from '../betting/bet.ts';
import type { HypothesisState, JudgeState } from './types.ts';

export interface StageEntry {
  /** Index of the stage, above every one entered before. */
  readonly stage: number;
  /** By hypothesis id: the null of non-inferiority, at the margin of the NEXT stage. */
  readonly nonInferiority: Readonly<Record<string, Null>>;
  /** By hypothesis id: a harm null that holds from this stage on (a latency threshold frozen anew). */
  readonly harmNull?: Readonly<Record<string, Null>>;
  /** By hypothesis id: a better founded historical rate, known before the stage. */
  readonly baselineRates?: Readonly<Record<string, number>>;
}

/**
 * Begins a stage: a further start of harm evidence, and fresh evidence of non-inferiority at the next
 * stage's margin. Throws `JudgeInputError` for a stage that does not rise or an impossible null.
 */
export function enterStage(state: JudgeState, entry: StageEntry): void {
  if (!Number.isSafeInteger(entry.stage) || entry.stage <= state.stage) {
    throw new JudgeInputError(
      'stage_not_rising',
      'stage',
      `stage is ${entry.stage} after ${state.stage}; a whole number above it is accepted`,
    );
  }
  for (const [id, nullHypothesis] of Object.entries(entry.nonInferiority)) {
    requireKnown(state, `nonInferiority.${id}`, id);
    requireNull(`nonInferiority.${id}`, nullHypothesis);
  }
  for (const [id, nullHypothesis] of Object.entries(entry.harmNull ?? {})) {
    requireKnown(state, `harmNull.${id}`, id);
    requireNull(`harmNull.${id}`, nullHypothesis);
  }
  for (const [id, rate] of Object.entries(entry.baselineRates ?? {})) {
    requireKnown(state, `baselineRates.${id}`, id);
    requireShare(`baselineRates.${id}`, rate);
  }
  state.stage = entry.stage;
  for (const hypothesis of state.hypotheses) {
    hypothesis.baselineRate = entry.baselineRates?.[hypothesis.id] ?? hypothesis.baselineRate;
    const harmNull = entry.harmNull?.[hypothesis.id];
    if (harmNull !== undefined) hypothesis.harmNulls[String(entry.stage)] = harmNull;
    beginStart(state, hypothesis);
    const margin = entry.nonInferiority[hypothesis.id];
    hypothesis.nonInferiority =
      margin === undefined
        ? null
        : createProcess(margin, hypothesis.baselineRate, NON_INFERIORITY_MIXTURE);
  }
}

function requireKnown(state: JudgeState, field: string, id: string): void {
  if (state.hypotheses.some((hypothesis) => hypothesis.id === id)) return;
  throw new JudgeInputError(
    'hypothesis_unknown',
    field,
    `hypothesis «${id}» is not judged; one of ${state.hypotheses.map((each) => each.id).join(', ')} is accepted`,
  );
}

/** Later starts have ever smaller weights: from here on one would cost more than it finds. */
const MOST_STARTS_OF_STAGE = 24;

/**
 * A later start within the present stage, for effects that begin long after it (a leak). It takes its
 * weight, in shares of 6 / (pi^2 j^2), from its stage's; after the 24th nothing happens. To be called by
 * the clock, never for what the outcomes look like. Needs `laterStarts` in the configuration; throws
 * `JudgeInputError` without, or before the first stage.
 */
export function addStart(state: JudgeState): void {
  if (!state.config.laterStarts) {
    throw new JudgeInputError(
      'later_starts_off',
      'laterStarts',
      'laterStarts is false; only a judge made with laterStarts takes further starts',
    );
  }
  if (state.stage < 0) {
    throw new JudgeInputError(
      'stage_not_entered',
      'state',
      'no stage was entered yet; enterStage comes first',
    );
  }
  for (const hypothesis of state.hypotheses) beginStart(state, hypothesis);
}

function beginStart(state: JudgeState, hypothesis: HypothesisState): void {
  const stageWeight = state.config.startWeights[state.stage] ?? 0;
  const number = hypothesis.starts.filter((start) => start.stage === state.stage).length + 1;
  const share = state.config.laterStarts ? 6 / (Math.PI ** 2 * number ** 2) : 1;
  const weight = stageWeight * share;
  if (weight === 0 || number > MOST_STARTS_OF_STAGE) return;
  hypothesis.starts.push({
    stage: state.stage,
    weight,
    process: createProcess(
      harmNullAt(hypothesis, state.stage),
      hypothesis.baselineRate,
      HARM_MIXTURE,
    ),
  });
}

/** The harm null of a stage: its own, or the nearest earlier one. */
export function harmNullAt(hypothesis: HypothesisState, stage: number): Null {
  for (let at = stage; at > 0; at -= 1) {
    const own = hypothesis.harmNulls[String(at)];
    if (own !== undefined) return own;
  }
  return hypothesis.harmNulls['0'] ?? { ratio: 1, excess: 0 };
}
