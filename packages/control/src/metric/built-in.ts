import type { Metric, MetricDefinition } from './types.ts';

const DAY_MS = 86_400_000;

type Ready = Pick<MetricDefinition, 'key' | 'kind' | 'worse' | 'description'> &
  Partial<MetricDefinition>;

const HTTP: readonly Ready[] = [
  {
    key: 'http.error_rate',
    kind: 'share',
    worse: 'higher',
    description: 'Units that met a status of 500 or above, an unhandled throw or a broken answer.',
  },
  {
    key: 'http.latency',
    kind: 'quantile',
    worse: 'higher',
    unit: 'ms',
    description: 'The slowest request of each unit.',
  },
  {
    key: 'http.client_abort',
    kind: 'share',
    worse: 'higher',
    description: 'Units that went away before an answer was complete.',
  },
];

const SECURITY: readonly Ready[] = [
  {
    key: 'http.denied',
    kind: 'share',
    worse: 'higher',
    description: 'Units that met a status of 401 or 403.',
  },
  {
    key: 'auth.failed',
    kind: 'share',
    worse: 'higher',
    description: 'Units with a failed sign-in, as tracked by the service.',
  },
];

const BROWSER: readonly Ready[] = [
  browserTime('browser.lcp', 'The largest contentful paint of each unit, tracked with its value.'),
  browserTime('browser.inp', 'The interaction to next paint of each unit, tracked with its value.'),
  browserTime('browser.ttfb', 'The time to first byte of each unit, tracked with its value.'),
  {
    key: 'browser.cls',
    kind: 'mean',
    worse: 'higher',
    aggregate: 'max',
    cap: 1,
    description: 'The largest cumulative layout shift of each unit, tracked with its value.',
  },
];

const BUSINESS: readonly Ready[] = [
  {
    key: 'conversion',
    kind: 'conversion',
    worse: 'lower',
    description: 'Units that did what counts, as tracked by the service.',
  },
  comingBack('retention.day', 1),
  comingBack('retention.week', 7),
];

/** The metrics that every project has without a document, by key; no document may take their place. */
export const BUILT_IN_METRICS: ReadonlyMap<string, Metric> = new Map(
  [...HTTP, ...SECURITY, ...BROWSER, ...BUSINESS].map((ready) => [
    ready.key,
    { source: { type: 'sdk' }, owner: 'downhaul', ...ready, version: 0 },
  ]),
);

function browserTime(key: string, description: string): Ready {
  return { key, kind: 'quantile', worse: 'higher', unit: 'ms', description };
}

/** Did `active` again after so many days, within one more. */
function comingBack(key: string, days: number): Ready {
  return {
    key,
    kind: 'retention',
    worse: 'lower',
    source: { type: 'sdk', event: 'active' },
    afterMs: days * DAY_MS,
    windowMs: (days + 1) * DAY_MS,
    description: `Units that were active again ${days === 1 ? 'a day' : `${days} days`} after their first exposure, within one day more.`,
  };
}
