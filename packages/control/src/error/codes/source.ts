import type { ErrorEntry } from '../types.ts';

/** Metrics that come from Prometheus or by OTLP. */
export const SOURCE_ERRORS = {
  query_placeholder_unknown: {
    status: 422,
    message: 'Nothing fills in {placeholder} in this query.',
    remedy: 'Use the placeholders there are, or remove it.',
  },
  query_unbalanced: {
    status: 422,
    message: 'In this query `{found}` has no counterpart.',
    remedy: 'Close every bracket and quote.',
  },
  query_window_missing: {
    status: 422,
    message: 'This query is not bound to the batch: it could see samples older than that.',
    remedy: 'Use a range of `[$window]`, such as `increase(requests_total[$window])`.',
  },
  query_arm_mixed: {
    status: 422,
    message: 'Only one of the two queries names `$arm`.',
    remedy: 'Name it in both to compare the arms, or in neither to look at the whole service.',
  },
  source_above_misplaced: {
    status: 422,
    message: '`above` says what is slow, and belongs to `of: slow` alone.',
    remedy: 'Give `above` with `of: slow`, and leave it out with `of: errors`.',
  },
  plan_metric_without_arms: {
    status: 422,
    message: 'The queries of {metric}, a guardrail of {plan}, do not tell the arms apart.',
    remedy: 'Name `$arm` in them, or give the guardrail a `budget`: that is of the whole service.',
  },
  plan_batch_below_scrapes: {
    status: 422,
    message: 'A batch of {plan} lasts {batch}, but {metric} is scraped only every {scrape}.',
    remedy: 'Lengthen `batch` to two scrapes or more, or correct `scrape` of the metric.',
  },
  metric_value_lower: {
    status: 422,
    message: 'The metric {metric} is a value that may not get lower; only higher can be judged.',
    remedy: 'Turn the query round, so that higher is worse.',
  },
} as const satisfies Readonly<Record<string, ErrorEntry>>;
