import type { Collection } from './collector.ts';

/** Below the server's limit of 1 MiB for a request's body, with room for the report's head. */
const MAX_REPORT_BYTES = 900 * 1024;

interface ReportHead {
  readonly instance: string;
  readonly sequence: number;
  readonly version: number;
  readonly throughMs: number;
}

/** A report that no longer changes but for the moment it is sent. */
export interface SealedReport {
  readonly sequence: number;
  readonly exposures: number;
  readonly outcomes: number;
  readonly dropped: Collection['dropped'];
  readonly evaluates: readonly string[];
  /** The body, but for its opening brace and `sentAtMs`. */
  readonly rest: string;
}

/** Seals what was collected under one number. */
export function sealReport(head: ReportHead, collection: Collection): SealedReport {
  return {
    sequence: head.sequence,
    exposures: collection.exposures.length,
    outcomes: collection.outcomes.length,
    dropped: collection.dropped,
    evaluates: collection.evaluates ?? [],
    rest: JSON.stringify({ ...head, ...collection }).slice(1),
  };
}

/** The body of a report that is sent at this moment. */
export function bodyOf(report: SealedReport, sentAtMs: number): string {
  return `{"sentAtMs":${JSON.stringify(sentAtMs)},${report.rest}`;
}

/** The same in as many collections as are needed for each to fit into a report. */
export function fittingParts(collection: Collection, maxBytes = MAX_REPORT_BYTES): Collection[] {
  const { exposures, outcomes, activity } = collection;
  const longest = Math.max(exposures.length, outcomes.length, activity.length);
  if (longest < 2 || Buffer.byteLength(JSON.stringify(collection)) <= maxBytes) return [collection];
  const [first, second] = halves(collection);
  return [...fittingParts(first, maxBytes), ...fittingParts(second, maxBytes)];
}

function halves(collection: Collection): [Collection, Collection] {
  const { dropped, traffic, evaluates, ...lists } = collection;
  return [
    {
      ...takeHalf(lists, 'first'),
      dropped,
      ...(traffic === undefined ? {} : { traffic }),
      ...(evaluates === undefined ? {} : { evaluates }),
    },
    {
      ...takeHalf(lists, 'second'),
      dropped: { exposures: 0, outcomes: 0 },
      ...(evaluates === undefined ? {} : { evaluates: [] }),
    },
  ];
}

type Lists = Omit<Collection, 'dropped' | 'traffic' | 'evaluates'>;

function takeHalf({ exposures, outcomes, activity }: Lists, which: 'first' | 'second'): Lists {
  const half = <Item>(items: readonly Item[]): readonly Item[] => {
    const middle = Math.ceil(items.length / 2);
    return which === 'first' ? items.slice(0, middle) : items.slice(middle);
  };
  return { exposures: half(exposures), outcomes: half(outcomes), activity: half(activity) };
}
