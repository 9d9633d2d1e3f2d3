import { JudgeInputError } from '../error/judge-input-error.ts';
import { requireAtLeast, requireNull, requireShare } from '../error/require.ts';
import { hypothesisOf } from './batch-place.ts';
import { kindOf } from './kind/kinds.ts';
import { requireMeanFigures } from './mean/mean-kind.ts';
import { requireRateNull } from './requests/requests-kind.ts';
import { laterStartShare, stageWeight } from './start-weights.ts';
import type { StageEntry } from './stage-entry.ts';
import type { HarmStart, HypothesisState, JudgeState } from './types.ts';

/**
 * Begins a stage: a further start of harm evidence, and fresh evidence of non-inferiority at the next
 * stage's margin. Slices take the figures of the hypothesis that they are of. Throws `JudgeInputError` for
 * a stage that does not rise, an impossible null or margin, or figures of another kind of hypothesis, and
 * has then changed nothing.
 */
export function enterStage(state: JudgeState, entry: StageEntry): void {
  if (!Number.isSafeInteger(entry.stage) || entry.stage <= state.stage) {
    throw new JudgeInputError(
      'stage_not_rising',
      'stage',
      `stage is ${entry.stage} after ${state.stage}; a whole number above it is accepted`,
    );
  }
  requireEntry(state, entry);
  state.stage = entry.stage;
  for (const hypothesis of state.hypotheses) {
    kindOf(hypothesis).enterStage(hypothesis, entry, state.config);
    beginStart(state, hypothesis);
  }
}

function requireEntry(state: JudgeState, entry: StageEntry): void {
  for (const [id, figures] of Object.entries(entry.nonInferiority)) {
    const field = `nonInferiority.${id}`;
    requireNullOf(kindAt(state, field, id), field, figures);
  }
  for (const [id, figures] of Object.entries(entry.harmNull ?? {})) {
    const field = `harmNull.${id}`;
    requireNullOf(kindAt(state, field, id), field, figures);
  }
  for (const [id, rate] of Object.entries(entry.baselineRates ?? {})) {
    const field = `baselineRates.${id}`;
    if (kindAt(state, field, id) === 'requests') requireAtLeast(field, rate, 0);
    else requireShare(field, rate);
  }
  for (const [id, { harm, nonInferiority }] of Object.entries(entry.means ?? {})) {
    const field = `means.${id}`;
    if (kindAt(state, field, id) !== 'mean') throw wrongKind(field, 'a null in harmNull');
    if (harm !== undefined) requireMeanFigures(`${field}.harm`, harm);
    if (nonInferiority !== undefined) {
      requireMeanFigures(`${field}.nonInferiority`, nonInferiority);
    }
  }
}

function requireNullOf(
  kind: HypothesisState['kind'],
  field: string,
  figures: StageEntry['nonInferiority'][string],
): void {
  if (kind === 'mean') throw wrongKind(field, 'its margin in means');
  if (kind === 'requests') requireRateNull(field, figures);
  else requireNull(field, figures);
}

function kindAt(state: JudgeState, field: string, id: string): HypothesisState['kind'] {
  return hypothesisOf(state, id, field).kind;
}

function wrongKind(field: string, accepted: string): JudgeInputError {
  return new JudgeInputError(
    'hypothesis_kind_wrong',
    field,
    `${field} is of another kind of hypothesis; ${accepted} is accepted`,
  );
}

/**
 * A later start within the present stage, for effects that begin long after it (a leak). It takes its
 * weight, in shares of 6 / (pi^2 j^2), from its stage's. To be called by the clock, ever more rarely since
 * each start costs time and memory, and never for what the outcomes look like. Needs `laterStarts` in the configuration; throws
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
  const { config, stage } = state;
  const number = hypothesis.starts.filter((start) => start.stage === stage).length + 1;
  const share = config.laterStarts ? laterStartShare(number) : 1;
  const weight = stageWeight(config, stage) * share;
  if (weight === 0) return;
  const process = kindOf(hypothesis).createStart(hypothesis, stage, config);
  startsOf(hypothesis).push({ stage, weight, process });
}

/** The list of starts as one that takes those of the hypothesis' kind, which alone are made for it. */
export function startsOf(hypothesis: HypothesisState): HarmStart<unknown>[] {
  return hypothesis.starts;
}
