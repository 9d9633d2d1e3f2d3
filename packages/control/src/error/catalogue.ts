/** What the catalogue says of one code. `{name}` stands for a fact given when the error is made. */
export interface ErrorEntry {
  /** HTTP status that the API answers with. */
  readonly status: 400 | 403 | 404 | 409 | 422;
  readonly message: string;
  /** What would be accepted, where that is the same for every occurrence. */
  readonly accepted?: string;
  /** What to do about it, as one sentence. */
  readonly remedy: string;
}

/** Every code that the domain refuses with. A code is never reused for another meaning. */
export const ERROR_CATALOGUE = {
  document_type: {
    status: 400,
    message: 'This is {found}.',
    remedy: 'Write a value of the accepted kind.',
  },
  document_value: {
    status: 400,
    message: '{found} is not possible here.',
    remedy: 'Write a value of the accepted kind.',
  },
  document_property_unknown: {
    status: 400,
    message: 'There is no property `{property}` here.',
    remedy: 'Remove it, or correct its spelling.',
  },
  document_property_missing: {
    status: 400,
    message: 'The property `{property}` is missing.',
    remedy: 'Add it.',
  },
  document_too_large: {
    status: 400,
    message: 'There are {count} {what}.',
    remedy: 'Shorten it; a long list of ids belongs into overrides or a segment by attribute.',
  },
  condition_invalid: {
    status: 400,
    message: 'This condition is not understood: {problem}.',
    remedy: 'Correct it there.',
  },
  flag_variant_unknown: {
    status: 422,
    message: 'The flag {flag} has no variant `{variant}`.',
    remedy: 'Name one of its variants, or add it to `variants`.',
  },
  flag_variant_type: {
    status: 422,
    message: 'The variant `{variant}` is {found}, but the flag is of type {type}.',
    remedy: 'Give every variant a value of the type of the flag.',
  },
  flag_expires_invalid: {
    status: 422,
    message: '`{expires}` is not a day of the calendar.',
    accepted: 'a date such as 2027-03-01',
    remedy: 'Write an existing day.',
  },
  flag_requires_itself: {
    status: 422,
    message: 'The flag {flag} names itself in `{property}`.',
    remedy: 'Remove it there.',
  },
  flag_unknown: {
    status: 404,
    message: 'There is no flag {flag} in the project {project}.',
    remedy: 'Put the flag first, or correct its key.',
  },
  flag_archived: {
    status: 409,
    message: 'The flag {flag} is archived.',
    remedy: 'Use another key: one that means two things over time is a known cause of outages.',
  },
  flag_environment_unknown: {
    status: 404,
    message: 'The flag {flag} has nothing for the environment {environment}.',
    remedy: 'Add the environment to the document of the flag.',
  },
  flag_environment_in_use: {
    status: 409,
    message: 'The flag {flag} cannot leave {environment}: {what}.',
    remedy: 'Roll it back and bring it up there first.',
  },
  flag_type_fixed: {
    status: 409,
    message: 'The flag {flag} is of type {type}; a type cannot change.',
    remedy: 'Make a new flag.',
  },
  flag_down: {
    status: 409,
    message: 'The flag {flag} is down in {environment}.',
    remedy: 'Bring it up first.',
  },
  flag_up_needs_person: {
    status: 403,
    message: 'The controller may not bring a flag up.',
    remedy: 'A person or a service account brings it up.',
  },
  flag_variant_in_use: {
    status: 409,
    message: 'The variant `{variant}` of {flag} is used by the rollout {rollout}.',
    remedy: 'Leave it and its value as they are until that rollout is over.',
  },
  flag_serve_in_rollout: {
    status: 409,
    message: '`serve` of {flag} cannot change while {rollout} goes on.',
    remedy: 'Wait until it is completed, or roll it back first.',
  },
  flag_raise_at_once: {
    status: 422,
    message: 'This would raise {flag} for everyone in {environment} at once.',
    remedy: 'Start a rollout, or ask for `atOnce` with a justification.',
  },
  flag_required_unknown: {
    status: 422,
    message: '{flag} requires {required}, which does not exist or is archived.',
    remedy: 'Put that flag first, or remove the requirement.',
  },
  flag_required_variant_safe: {
    status: 422,
    message: '{flag} requires `{variant}` of {required}, which is its safe variant.',
    remedy: 'Require another variant: what is safe must not raise anything.',
  },
  flag_requires_cycle: {
    status: 422,
    message: 'The requirements go round in a circle: {circle}.',
    remedy: 'Take one of them out.',
  },
  flag_conflict_unknown: {
    status: 422,
    message: '{flag} conflicts with {conflicting}, which does not exist.',
    remedy: 'Put that flag first, or remove the conflict.',
  },
  flag_required_by: {
    status: 409,
    message: '{flag} is still required by {flags}.',
    remedy: 'Remove those requirements first.',
  },
  flag_variant_required: {
    status: 409,
    message: 'The variant `{variant}` of {flag} is required by {flags}.',
    remedy: 'Change that requirement before the variant goes or becomes the safe one.',
  },
  flag_rollout_running: {
    status: 409,
    message: '{flag} still has the rollout {rollout}, which is {status}.',
    remedy: 'Complete it or roll it back first.',
  },
  flag_requirement_unmet: {
    status: 409,
    message: '{flag} requires `{variant}` of {required}, which {why} in {environment}.',
    remedy: 'Raise the required flag first. The way down is never held up by this.',
  },
  flag_conflict: {
    status: 409,
    message: '{flag} conflicts with {conflicting}, which is raised in {environment}.',
    remedy: 'Roll the other flag back or bring it down first.',
  },
  project_unknown: {
    status: 404,
    message: 'There is no project {project}.',
    remedy: 'Create it first, or correct its key.',
  },
  environment_unknown: {
    status: 404,
    message: 'There is no environment {environment} in the project {project}.',
    remedy: 'Create it first, or correct its key.',
  },
  environment_exists: {
    status: 409,
    message: 'The environment {environment} exists with another owner or order.',
    remedy: 'Choose another key.',
  },
  key_invalid: {
    status: 400,
    message: '`{key}` is not a key.',
    remedy: 'Choose a key of that form.',
  },
  segment_unknown: {
    status: 422,
    message: 'There is no segment {segment} in the project {project}.',
    remedy: 'Put the segment first, or correct its key.',
  },
  segment_cycle: {
    status: 422,
    message: 'The segments go round in a circle: {circle}.',
    remedy: 'Take one of the references out.',
  },
  segment_in_use: {
    status: 409,
    message: 'The segment {segment} is used by {users}.',
    remedy: 'Remove those uses first.',
  },
  segment_in_rollout: {
    status: 409,
    message: 'The segment {segment} is an audience of {rollout} and may only shrink meanwhile.',
    remedy: 'Wait until that rollout is over, or make a new segment and a new attempt.',
  },
  plan_unknown: {
    status: 422,
    message: 'There is no plan {plan} in the project {project}.',
    remedy: 'Put the plan first, or correct its key.',
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
    message: 'The metric {metric} of {plan} is a rate and has no quantile.',
    remedy: 'Leave `quantile` out, or name a latency metric.',
  },
  plan_quantile_missing: {
    status: 422,
    message: 'The metric {metric} of {plan} is a latency and needs a quantile.',
    remedy: 'Add `quantile: p99`.',
  },
  rollout_unknown: {
    status: 404,
    message: 'The flag {flag} has had no rollout in {environment}.',
    remedy: 'Start one; to bring the flag down without one, use `down`.',
  },
  rollout_already_running: {
    status: 409,
    message: 'The rollout {rollout} is {status}.',
    remedy: 'Complete it or roll it back before another one starts.',
  },
  rollout_completed_serves: {
    status: 409,
    message: 'The rollout {rollout} still serves `{variant}`, and `serve` is `{serve}`.',
    remedy: 'Set `serve` to `{variant}`, or roll it back; then start the next one.',
  },
  rollout_not_declared: {
    status: 422,
    message: 'No plan or target is given, and {flag} declares no rollout in {environment}.',
    remedy: 'Give `plan` and `to`, or declare them in the document of the flag.',
  },
  rollout_target_is_control: {
    status: 422,
    message: '{flag} already serves `{variant}` in {environment}.',
    remedy: 'Roll out another variant.',
  },
  rollout_at_once_needs_option: {
    status: 422,
    message: 'The plan {plan} raises everyone to 100 % in its first stage.',
    remedy: 'Begin with a smaller share, or ask for `atOnce` with a justification.',
  },
  rollout_needs_person: {
    status: 403,
    message: 'The attempt {attempt} of {flag} in {environment} needs a person.',
    remedy: 'After three attempts a person starts the next one.',
  },
  rollout_resume_needs_person: {
    status: 403,
    message: 'The controller may not resume a paused rollout.',
    remedy: 'A person or a service account resumes it.',
  },
  rollout_attempts_exhausted: {
    status: 409,
    message: '{flag} has reached the {limit} attempts in {environment}.',
    remedy: 'Make a new flag.',
  },
  rollout_not_running: {
    status: 409,
    message: 'The rollout {rollout} is {status}.',
    remedy: 'This needs a rollout that goes on.',
  },
  rollout_not_held: {
    status: 409,
    message: 'The rollout {rollout} is {status}, not held.',
    remedy: 'Only a held rollout can be released; a paused one is resumed.',
  },
  rollout_not_paused: {
    status: 409,
    message: 'The rollout {rollout} is {status}, not paused.',
    remedy: 'Only a paused rollout can be resumed; a held one goes on by itself.',
  },
  rollout_held: {
    status: 409,
    message: 'The rollout {rollout} is held: {cause}',
    remedy: 'It goes on when the cause is gone.',
  },
  rollout_paused: {
    status: 409,
    message: 'The rollout {rollout} is paused: {cause}',
    remedy: 'Resume it first.',
  },
  rollout_not_at_last_stage: {
    status: 409,
    message: 'The rollout {rollout} is in stage {stage} of {stages}.',
    remedy: 'It completes from its last stage; advance it stage by stage.',
  },
  rollout_not_completed: {
    status: 409,
    message: 'The rollout {rollout} is {status}, not completed.',
    remedy: 'Only the watch of a completed rollout can be ended.',
  },
  rollout_change_loosens: {
    status: 422,
    message: '{what} of {rollout} may not change this way while it goes on.',
    accepted: 'narrower margins, longer bakes, larger samples, a smaller harm budget',
    remedy: 'Anything else is a new attempt.',
  },
  proof_unknown: {
    status: 404,
    message: 'There is no rollback proof {proof}.',
    remedy: 'Correct its id.',
  },
  token_exists: {
    status: 409,
    message: 'There is a token {token} already.',
    remedy: 'Choose another id.',
  },
  token_unknown: {
    status: 404,
    message: 'There is no token {token}.',
    remedy: 'Correct its id; a revoked token is gone.',
  },
  token_scope: {
    status: 422,
    message: 'The token {token} lacks {missing}.',
    remedy: 'Bind a token of an SDK to project, environment and service.',
  },
  token_hash_invalid: {
    status: 400,
    message: 'The hash of the token {token} is not a SHA-256 in hexadecimal.',
    accepted: '64 lower-case hexadecimal digits',
    remedy: 'Hash the secret first; the secret itself is never kept.',
  },
  version_conflict: {
    status: 409,
    message: '{subjects} changed meanwhile.',
    remedy: 'Read it again and repeat the change if it is still wanted.',
  },
} as const satisfies Readonly<Record<string, ErrorEntry>>;

export type DomainErrorCode = keyof typeof ERROR_CATALOGUE;

/** The facts that a text asks for between braces. */
type FactNames<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? (Name extends `${string} ${string}` ? never : Name) | FactNames<Rest>
  : never;

/** The facts that an error of this code is made with. */
export type ErrorFacts<Code extends DomainErrorCode> = Readonly<
  Record<
    | FactNames<(typeof ERROR_CATALOGUE)[Code]['message']>
    | FactNames<(typeof ERROR_CATALOGUE)[Code]['remedy']>,
    string | number
  >
>;
