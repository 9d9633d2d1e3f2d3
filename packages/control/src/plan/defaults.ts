const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** Deadlines of the three clocks of a rollback proof; `silentMs` counts from the end of `reachedMs`. */
export const DEFAULT_PROOF = {
  reachedMs: 30 * SECOND_MS,
  silentMs: 60 * SECOND_MS,
  recoveredMs: 15 * MINUTE_MS,
};

/** What a plan that asks for rehearsals asks for unless it says otherwise. */
export const REHEARSAL_DEFAULTS = {
  required: true,
  withinMs: 7 * 24 * HOUR_MS,
  falseRollback: 0.02,
  missed: 0.1,
};

/** What a plan has where its document says nothing. */
export const PLAN_DEFAULTS = {
  unit: 'targetingKey',
  harmBudget: 50,
  reactionTimeMs: 30 * MINUTE_MS,
  batchMs: 60 * SECOND_MS,
  holdbackPerMillion: 0,
  whenBlind: { holdMs: 30 * MINUTE_MS, then: 'hold', treatmentOnly: 'rollback' },
  whenStageTooLong: { afterMs: 12 * HOUR_MS, then: 'pause' },
  sliceMinimumSample: 100,
  watch: { falseAlarmEveryMs: 90 * 24 * HOUR_MS },
  budget: { windowMs: 30 * 24 * HOUR_MS, then: 'hold' },
  alphaHarm: 0.01,
  alphaNonInferiority: 0.05,
  alphaSrm: 0.001,
  proof: DEFAULT_PROOF,
} as const;

const LONGER_HORIZONS_MS = [HOUR_MS, 24 * HOUR_MS];

/**
 * Horizons for a plan that names none: a minute in whole batches, and of an hour and a day those that
 * close within the longest bake: a unit counts in the stage in which its horizon closes.
 */
export function defaultHorizonsMs(
  batchMs: number,
  stages: readonly { readonly bakeMs: number }[],
): readonly number[] {
  const shortestMs = Math.ceil(MINUTE_MS / batchMs) * batchMs;
  const longestBakeMs = Math.max(0, ...stages.map(({ bakeMs }) => bakeMs));
  const longer = LONGER_HORIZONS_MS.filter(
    (horizonMs) =>
      horizonMs > shortestMs && horizonMs <= longestBakeMs && horizonMs % batchMs === 0,
  );
  return [shortestMs, ...longer];
}

/** A baseline of five batches, and at least two of the shortest horizons. */
export function defaultBaselineMs(batchMs: number, horizonsMs: readonly number[]): number {
  return Math.max(5 * batchMs, 2 * (horizonsMs[0] ?? 0));
}
