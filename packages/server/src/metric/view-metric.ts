import { type Metric, writeMetricDocument } from '@downhaul/control';
import { documentAt } from '../http/document-at.ts';

/** A metric as the API shows it: its document beside what lists want to know. */
export function viewMetric(metric: Metric) {
  const { key, version, kind, worse, source, owner, description } = metric;
  const builtIn = version === 0;
  const written = writeMetricDocument(metric);
  const document = builtIn ? (written as object) : documentAt(written, version);
  return { key, version, builtIn, kind, worse, source, owner, description, document };
}
