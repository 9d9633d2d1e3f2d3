import type { ErrorEntry } from '../types.ts';

/** Plans that contradict themselves. */
export const PLAN_ERRORS = {
  plan_unknown: {
    status: 422,
    message: 'There is no plan {plan} in the project {project}.',
    remedy: 'Put the plan first, or correct its key.',
  },
  plan_unit_invalid: {
    status: 422,
    message: 'The plan {plan} cannot tell units apart by `{unit}`.',
    accepted: 'the name of an attribute, such as `targetingKey` or `tenant`',
    remedy: 'Name an attribute of the evaluation context.',
  },
  plan_stages_empty: {
    status: 422,
    message: 'The plan {plan} has no stages.',
    remedy: 'Write at least one stage.',
  },
  plan_share_falls: {
    status: 422,
    message:
      'Stage {stage} of {plan} serves {audience} at {share}, but an earlier stage at {before}.',
    remedy: 'A share may stay or rise from stage to stage, never fall.',
  },
  plan_stage_drops_units: {
    status: 422,
    message: 'Stage {stage} of {plan} drops {audience}, which stage {earlier} serves at {share}.',
    remedy:
      'Serve {audience} at {share} or more in stage {stage} too, for instance under its `plus`.',
  },
  plan_stage_rises_nowhere: {
    status: 422,
    message: 'Stage {stage} of {plan} is the same as the stage before.',
    remedy: 'Raise its share or widen its audience, or lengthen the bake of the stage before.',
  },
  plan_horizon_not_batches: {
    status: 422,
    message: 'The horizon {horizon} of {plan} is not a whole number of batches of {batch}.',
    remedy: 'Choose horizons that are multiples of `batch`.',
  },
  plan_horizons_order: {
    status: 422,
    message: 'The horizons of {plan} do not rise.',
    remedy: 'Write each once, the shortest first.',
  },
  plan_baseline_missing: {
    status: 422,
    message:
      'The plan {plan} has guardrails or signals but measures a baseline of only {baseline}.',
    remedy: 'Measure at least one batch and the shortest horizon: `baseline: {least}`.',
  },
  plan_margin_impossible: {
    status: 422,
    message: 'The guardrail {metric} of {plan} tolerates nothing.',
    remedy: 'Give a relative or an absolute margin above zero: zero cannot be told from chance.',
  },
  plan_margin_too_wide: {
    status: 422,
    message: 'The guardrail {metric} of {plan} tolerates {margin}.',
    accepted: 'a relative margin of at most 10000 % and an absolute one below 1',
    remedy: 'Narrow the margin.',
  },
  plan_budget_impossible: {
    status: 422,
    message: 'The error budget of {metric} in {plan} has the objective {objective} over {window}.',
    accepted: 'an objective above 0 % and below 100 %, over 1h to 35d',
    remedy: 'Leave some requests that may fail; history is kept for 35 days.',
  },
  plan_watch_twice: {
    status: 422,
    message: 'The watch ends by `until` and by `for`.',
    accepted: 'one of the two, or neither',
    remedy: 'Keep the one that is meant.',
  },
  plan_watch_alarms: {
    status: 422,
    message: 'The watch of {plan} allows a false alarm every {every}, with batches of {batch}.',
    accepted: 'at least two batches',
    remedy: 'Lengthen `falseAlarmEvery`.',
  },
  plan_watch_over: {
    status: 422,
    message: 'The watch of {plan} ended on {until}: nothing would be watched after completion.',
    accepted: 'a day that is still to come, or a watch that lasts `for` a time',
    remedy: 'Give a later day, or leave `watch` out to watch until the flag is archived.',
  },
  plan_metric_twice: {
    status: 422,
    message: 'The metric {metric} of {plan} is guarded twice.',
    remedy: 'Name each metric and quantile once among guardrails and signals.',
  },
  plan_weights: {
    status: 422,
    message: 'The weights of the guardrails of {plan} sum to {sum}.',
    accepted: 'weights that sum to 1, or none',
    remedy: 'Leave the weights out to share evenly, or correct them.',
  },
  plan_quantile_metric: {
    status: 422,
    message: 'The metric {metric} of {plan} is of kind {kind} and has no quantile.',
    remedy: 'Leave `quantile` out, or name a metric of kind quantile.',
  },
  plan_quantile_missing: {
    status: 422,
    message: 'The metric {metric} of {plan} is judged by a quantile, and none is named.',
    remedy: 'Add `quantile: p99`.',
  },
  plan_slice_unit: {
    status: 422,
    message: 'The slice {attribute} of {plan} is what identifies a unit.',
    accepted: 'an attribute that many units share, such as `platform`, or `service`',
    remedy:
      'Name an attribute that groups units: a slice for each tells nothing, and tells who it is.',
  },
  plan_slice_twice: {
    status: 422,
    message: 'The slice {attribute} of {plan} is named twice.',
    remedy: 'Name each attribute once.',
  },
} as const satisfies Readonly<Record<string, ErrorEntry>>;
