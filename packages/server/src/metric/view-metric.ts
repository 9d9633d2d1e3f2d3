import { type Metric, writeMetricDocument } from '@downhaul/control';

/** A metric as the API shows it: its document beside what lists want to know. */
export function viewMetric(metric: Metric) {
  const { key, version, kind, worse, source, owner, description } = metric;
  const builtIn = version === 0;
  const document = { ...(writeMetricDocument(metric) as object), ...(builtIn ? {} : { version }) };
  return { key, version, builtIn, kind, worse, source, owner, description, document };
}
