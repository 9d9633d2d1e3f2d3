import { JudgeInputError } from '../error/judge-input-error.ts';
import { requireCount } from '../error/require.ts';
import { hypothesisOf } from './batch-place.ts';
import { startsOf } from './enter-stage.ts';
import { kindOf } from './kind/kinds.ts';
import { sliceShare } from './slice-weights.ts';
import type { Hypothesis, HypothesisState, JudgeState, SliceOf } from './types.ts';

/** The id under which a slice's batches are absorbed: `http.error_rate@60000[platform=ios]`. */
export function sliceId({
  hypothesis,
  dimension,
  value,
}: Pick<SliceOf, 'hypothesis' | 'dimension' | 'value'>): string {
  return `${hypothesis}[${dimension}=${value}]`;
}

/**
 * Adds a slice of a hypothesis, with the weight of the next value of its dimension. It is judged at the
 * present stage's figures, with the starts that its hypothesis has, none of which has seen it yet; then it
 * is fed by its id. To be called for exposures, never for what outcomes look like. Returns the id. Throws
 * `JudgeInputError` for a hypothesis that is unknown, itself a slice or a success criterion, a dimension
 * that was not configured and a value that is empty or there already, and has then changed nothing.
 */
export function addSlice(state: JudgeState, slice: SliceOf): string {
  const index = state.config.hypotheses.findIndex(({ id }) => id === slice.hypothesis);
  const parent = state.hypotheses[index];
  const hypothesis = state.config.hypotheses[index];
  const id = sliceId(slice);
  if (parent === undefined || hypothesis === undefined) {
    hypothesisOf(state, slice.hypothesis);
    throw refused('slice_of_slice', {
      field: 'hypothesis',
      found: slice.hypothesis,
      accepted: 'one over all units',
    });
  }
  requireSlice(state, { slice, hypothesis, id });
  const number = state.hypotheses.filter((other) => isSibling(other, slice)).length + 1;
  const own = kindOf(hypothesis).create({
    hypothesis,
    id,
    weight: hypothesis.weight * sliceShare(state.config, number),
    slice: {
      hypothesis: slice.hypothesis,
      dimension: slice.dimension,
      value: slice.value,
      minimumSample: slice.minimumSample,
    },
  });
  kindOf(own).takeFigures(own, parent, state.config);
  for (const { stage, weight } of parent.starts) {
    startsOf(own).push({
      stage,
      weight,
      process: kindOf(own).createStart(own, stage, state.config),
    });
  }
  state.hypotheses.push(own);
  return id;
}

function requireSlice(
  state: JudgeState,
  {
    slice,
    hypothesis,
    id,
  }: { readonly slice: SliceOf; readonly hypothesis: Hypothesis; readonly id: string },
): void {
  const dimensions = state.config.slices?.dimensions ?? [];
  if (hypothesis.role === 'success') {
    throw refused('slice_of_success', {
      field: 'hypothesis',
      found: hypothesis.id,
      accepted: 'a guardrail or a signal',
    });
  }
  if (!dimensions.includes(slice.dimension)) {
    const accepted = dimensions.length === 0 ? 'none' : `one of ${dimensions.join(', ')}`;
    throw refused('dimension_unknown', { field: 'dimension', found: slice.dimension, accepted });
  }
  if (slice.value === '' || state.hypotheses.some((other) => other.id === id)) {
    throw refused('slice_repeated', {
      field: 'value',
      found: slice.value,
      accepted: 'a value that is new and not empty',
    });
  }
  requireCount('minimumSample', slice.minimumSample);
}

function refused(
  code: string,
  { field, found, accepted }: { field: string; found: string; accepted: string },
): JudgeInputError {
  return new JudgeInputError(code, field, `${field} is «${found}»; ${accepted} is accepted`);
}

function isSibling({ slice: other }: HypothesisState, slice: SliceOf): boolean {
  return other?.hypothesis === slice.hypothesis && other.dimension === slice.dimension;
}
