import type { ErrorEntry } from '../types.ts';

/** Rollouts: what they refuse in which status. */
export const ROLLOUT_ERRORS = {
  rollout_unknown: {
    status: 404,
    message: 'The flag {flag} has had no rollout in {environment}.',
    remedy: 'Start one; to bring the flag down without one, use `down`.',
  },
  evidence_outdated: {
    status: 409,
    message:
      'The evidence is of stage {of}; the rollout {rollout} has changed since and is at stage {stage}.',
    remedy: 'Look at the rollout as it is now and ask again.',
  },
  rollout_already_running: {
    status: 409,
    message: 'The rollout {rollout} is {status}.',
    remedy: 'Complete it or roll it back before another one starts.',
  },
  rollout_completed_serves: {
    status: 409,
    message: 'The rollout {rollout} still serves `{variant}`, and `serve` is `{serve}`.',
    remedy:
      'Set `serve` to `{variant}` and write what `safe` is, or roll it back; then start the next one.',
  },
  rollout_rolled_back_serves: {
    status: 409,
    message: 'The rollout {rollout} was rolled back to `{variant}`, and `serve` is `{serve}`.',
    remedy: 'Set `serve` to `{variant}`; then start the next one.',
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
  rollout_target_is_safe: {
    status: 422,
    message: '`{variant}` is the safe variant of {flag}: rolling it back would raise everyone.',
    remedy: 'Set `serve` to it, or use `down`: going down needs no steps.',
  },
  rollout_at_once_needs_option: {
    status: 422,
    message: 'The plan {plan} raises everyone to 100 % in its first stage.',
    remedy:
      'Begin with a smaller share, or ask for it: `--at-once` with `--justification` (in the API `atOnce`).',
  },
  rollout_rehearsal_missing: {
    status: 409,
    message: 'The plan {plan} asks for a rehearsal in {environment}, and there is none of it.',
    remedy: 'Rehearse exactly this plan; a change of it or of the judge needs another rehearsal.',
  },
  rollout_rehearsal_expired: {
    status: 409,
    message: 'The rehearsal of the plan {plan} in {environment} is older than {within}.',
    remedy: 'Rehearse it again.',
  },
  rollout_rehearsal_failed: {
    status: 409,
    message:
      'The rehearsal of the plan {plan} in {environment} did not do what it asks: {problem}.',
    remedy: 'Change the plan as its rehearsal suggests, or rehearse it with more runs.',
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
  source_why_missing: {
    status: 422,
    message: 'Nothing says why {source} should not count for {flag} in {environment}.',
    accepted: 'a `justification`',
    remedy: 'Say why: it takes evidence of harm away, and stands in the log.',
  },
  source_exclusions: {
    status: 409,
    message: '{most} sources are excluded of {flag} in {environment} already.',
    remedy: 'Include some again, or exclude a whole service.',
  },
  source_not_excluded: {
    status: 404,
    message: '{source} is not excluded of {flag} in {environment}.',
    remedy: 'Name a source that is.',
  },
  rollout_change_loosens: {
    status: 422,
    message: '{what} of {rollout} may not change this way while it goes on.',
    accepted: 'narrower margins, longer bakes, larger samples, a smaller harm budget',
    remedy: 'Anything else is a new attempt.',
  },
} as const satisfies Readonly<Record<string, ErrorEntry>>;
