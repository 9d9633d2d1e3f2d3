import type { ErrorEntry } from '../types.ts';

/** Metrics, and plans that use them in a way that they cannot be used in. */
export const METRIC_ERRORS = {
  metric_unknown: {
    status: 422,
    message: 'There is no metric {metric} in the project {project}.',
    remedy: 'Correct its key.',
  },
  metric_built_in: {
    status: 422,
    message: 'The metric {metric} is built in.',
    remedy: 'Choose another key, and name that one in the plan.',
  },
  metric_property_missing: {
    status: 422,
    message: 'The metric {metric} is of kind {kind} and does not say `{property}`.',
    remedy: 'Add it.',
  },
  metric_property_foreign: {
    status: 422,
    message: 'The metric {metric} is of kind {kind}, but `{property}` belongs to a {of}.',
    remedy: 'Take it out, or correct the kind.',
  },
  metric_worse_impossible: {
    status: 422,
    message: 'A {kind} cannot hurt by being {worse}, as {metric} says.',
    remedy: 'A share hurts by being higher; conversion, funnel and retention by being lower.',
  },
  metric_step_twice: {
    status: 422,
    message: 'The funnel {metric} has the step {step} twice.',
    remedy: 'Name each event once.',
  },
  metric_window_too_short: {
    status: 422,
    message: 'The window of {metric}, {window}, is over before {after} have passed.',
    remedy: 'Write a window longer than `after`.',
  },
  metric_source_kind: {
    status: 422,
    message:
      'The metric {metric} is of kind {kind}, which {source} cannot tell: it counts requests.',
    remedy: 'Track it with the SDK, or choose the kind that the source can tell.',
  },
  metric_in_use: {
    status: 409,
    message: 'The metric {metric} is used by {users}.',
    remedy: 'Remove those uses first.',
  },
  plan_metric_unknown: {
    status: 422,
    message: 'There is no metric {metric}, which the plan {plan} names.',
    remedy: 'Put a document `metric: {metric}` first, or correct the name.',
  },
  plan_worse_contradicts: {
    status: 422,
    message: 'The plan {plan} says that {metric} hurts by being {worse}, its metric the contrary.',
    remedy: 'Leave `worse` out: the metric says it.',
  },
  plan_success_contradicts: {
    status: 422,
    message:
      'The plan {plan} calls {metric} better by being {better}, which its metric calls worse.',
    remedy: 'Correct the direction.',
  },
  plan_success_unmeasurable: {
    status: 422,
    message: 'The metric {metric} of {plan} is a quantile, and no criterion of success.',
    remedy: 'Name a share, a mean, a conversion, a funnel or retention.',
  },
  plan_margin_unreachable: {
    status: 422,
    message: 'The margin {margin} of {metric} in {plan} can never be exceeded.',
    remedy:
      'Narrow it: a metric cannot fall by more than all of it, nor move by more than its cap.',
  },
  plan_window_not_batches: {
    status: 422,
    message:
      'The window {window} of {metric} is not a whole number of batches of {batch} of {plan}.',
    remedy: 'Choose a `batch` that divides it, or another window.',
  },
} as const satisfies Readonly<Record<string, ErrorEntry>>;
