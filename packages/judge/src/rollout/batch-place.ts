import { JudgeInputError } from '../error/judge-input-error.ts';
import type { HypothesisState, JudgeState } from './types.ts';

/** Where a closed batch belongs. */
export interface BatchPlace {
  /** Id of the hypothesis, or of one of its slices. */
  readonly hypothesis: string;
  /** Stage in which the units were first seen; units of an older stage may mature later. */
  readonly stage: number;
  /** Units of one stratum shared the same chance of treatment. */
  readonly stratum: string;
  /**
   * True for a batch whose outcomes may not all have arrived: it may speak of harm, not of health.
   * Leaving a batch out multiplies the capital by 1, so non-inferiority stays an e-process as long as
   * what decides about it (whose reports are missing) does not depend on the batch's own outcomes.
   */
  readonly harmOnly?: boolean;
}

type KindName = HypothesisState['kind'];

const ABSORBED_BY: Record<KindName, string> = {
  share: 'absorb',
  mean: 'absorbMeans',
  requests: 'absorbRequests',
};

/**
 * The state that a batch of this kind belongs to. Throws `JudgeInputError`: `hypothesis_unknown`,
 * `hypothesis_kind_wrong`, `stage_not_entered`.
 */
export function placeOf<Name extends KindName>(
  state: JudgeState,
  { hypothesis: id, stage }: BatchPlace,
  kind: Name,
): Extract<HypothesisState, { kind: Name }> {
  const found = ofKind(state, id, kind);
  if (!(Number.isSafeInteger(stage) && stage >= 0 && stage <= state.stage)) {
    throw new JudgeInputError(
      'stage_not_entered',
      'stage',
      `stage is ${stage}; ${state.stage < 0 ? 'none was entered yet' : `0 to ${state.stage} is accepted`}`,
    );
  }
  return found;
}

/** The state of a hypothesis of this kind. Throws `JudgeInputError`: `hypothesis_unknown`, `hypothesis_kind_wrong`. */
export function ofKind<Name extends KindName>(
  state: JudgeState,
  id: string,
  kind: Name,
): Extract<HypothesisState, { kind: Name }> {
  const found = hypothesisOf(state, id);
  if (found.kind === kind) return found as Extract<HypothesisState, { kind: Name }>;
  throw new JudgeInputError(
    'hypothesis_kind_wrong',
    'hypothesis',
    `hypothesis «${id}» is of kind «${found.kind}»; a batch for ${ABSORBED_BY[found.kind]} is accepted`,
  );
}

/** The state of a hypothesis. Throws `JudgeInputError`: `hypothesis_unknown`. */
export function hypothesisOf(state: JudgeState, id: string, field = 'hypothesis'): HypothesisState {
  for (const hypothesis of state.hypotheses) if (hypothesis.id === id) return hypothesis;
  throw new JudgeInputError(
    'hypothesis_unknown',
    field,
    `hypothesis «${id}» is not judged; one of ${state.hypotheses.map((each) => each.id).join(', ')} is accepted`,
  );
}
