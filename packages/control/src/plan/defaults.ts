const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** Deadlines of the three clocks of a rollback proof; `silentMs` counts from the end of `reachedMs`. */
export const DEFAULT_PROOF = {
  reachedMs: 30 * SECOND_MS,
  silentMs: 60 * SECOND_MS,
  recoveredMs: 15 * MINUTE_MS,
};

/** What a plan has where its document says nothing. */
export const PLAN_DEFAULTS = {
  unit: 'targetingKey',
  harmBudget: 50,
  reactionTimeMs: 30 * MINUTE_MS,
  batchMs: 60 * SECOND_MS,
  horizonsMs: [MINUTE_MS, HOUR_MS, 24 * HOUR_MS],
  holdbackPerMillion: 0,
  whenBlind: { holdMs: 30 * MINUTE_MS, then: 'hold', treatmentOnly: 'rollback' },
  whenStageTooLong: { afterMs: 12 * HOUR_MS, then: 'pause' },
  alphaHarm: 0.01,
  alphaNonInferiority: 0.05,
  alphaSrm: 0.001,
  proof: DEFAULT_PROOF,
} as const;
