import type { ErrorEntry } from '../types.ts';

/** Flags and what they depend on. */
export const FLAG_ERRORS = {
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
  flag_unreadable: {
    status: 422,
    message: 'SDKs could not read {flag} in {environment} after this: `{place}` {problem}.',
    remedy: 'Correct that; nothing was changed.',
  },
  flag_raise_at_once: {
    status: 422,
    message: 'This would raise {flag} for {units} in {environment} at once.',
    remedy:
      'Start a rollout, or ask for it: `--at-once` with `--justification` (in the API `atOnce`).',
  },
  flag_leaves_at_once: {
    status: 422,
    message:
      'This would take {flag} out of {environment}, where {units} get more than its safe variant.',
    remedy:
      'Bring everyone to safe first, or ask for it: `--at-once` with `--justification` (in the API `atOnce`).',
  },
  flag_archive_in_use: {
    status: 409,
    message: 'The flag {flag} is still in use: {uses}.',
    remedy:
      'Take it out of the code first, or ask for it: `--yes` with `--justification` (in the API `atOnce`).',
  },
  flag_safe_is_target: {
    status: 409,
    message: '`safe` of {flag} would have the value that {rollout} rolls out in {environment}.',
    remedy:
      'Write `safe: {safe}`: without it `safe` is what is served everywhere, and `down` must never raise anybody.',
  },
  flag_requires_too_much: {
    status: 422,
    message:
      'With this the requirements of {far} lead to more than 100 evaluations: it would serve safe to everyone.',
    remedy: 'Require fewer flags of {flag}, or make the chain of requirements shorter.',
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
} as const satisfies Readonly<Record<string, ErrorEntry>>;
