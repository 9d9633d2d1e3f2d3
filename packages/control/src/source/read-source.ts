import type { OtlpSource, PrometheusQueries, PrometheusSource } from '../metric/source.ts';
import { domainError } from '../error/domain-error.ts';
import type { DomainError } from '../error/types.ts';
import { isObject, objectOf, oneOf, type Reader, textOf } from '../document/reader.ts';
import { readLength, readName, readWait } from '../document/readers.ts';
import { checkQuery, hasArm } from './query.ts';

/** Scrapes come every 15 s as a rule, and their samples are found a moment later. */
const DEFAULT_DELAY_MS = 30_000;
const DEFAULT_SCRAPE_MS = 15_000;

/** Longer ones belong into a recording rule of the server. */
export const QUERY_MOST = 4_000;

const readQuery: Reader<string> = (value, path, problems) => {
  const accepted = `a PromQL expression of at most ${QUERY_MOST} characters`;
  const query = textOf({ most: QUERY_MOST, accepted })(value, path, problems);
  const wrong = query === undefined ? [] : checkQuery(query, path);
  problems.push(...wrong);
  return wrong.length > 0 ? undefined : query;
};

const readCounts = objectOf({ bad: readQuery, total: readQuery }, {});
const readValue = objectOf({ value: readQuery }, {});

const readQueries: Reader<PrometheusQueries> = (value, path, problems) => {
  const read = isObject(value) && Object.hasOwn(value, 'value') ? readValue : readCounts;
  const queries = read(value, path, problems);
  if (queries === undefined || 'value' in queries) return queries;
  if (hasArm(queries.bad) === hasArm(queries.total)) return queries;
  problems.push(domainError('query_arm_mixed', {}, { path }));
  return undefined;
};

const readPrometheusShape = objectOf(
  { type: oneOf('prometheus'), server: readName, queries: readQueries },
  { delay: readWait, scrape: readLength },
);

/** A metric's source that is asked by PromQL. */
export const readPrometheusSource: Reader<PrometheusSource> = (value, path, problems) => {
  const shape = readPrometheusShape(value, path, problems);
  if (shape === undefined) return undefined;
  const { delay: delayMs = DEFAULT_DELAY_MS, scrape: scrapeMs = DEFAULT_SCRAPE_MS } = shape;
  const { type, server, queries } = shape;
  return { type, server, queries, delayMs, scrapeMs };
};

const readOtlpShape = objectOf(
  { type: oneOf('otlp'), of: oneOf('errors', 'slow') },
  { above: readLength, instrument: readName },
);

/** A metric's source that services tell of by OTLP. */
export const readOtlpSource: Reader<OtlpSource> = (value, path, problems) => {
  const shape = readOtlpShape(value, path, problems);
  if (shape === undefined) return undefined;
  const { above: aboveMs, ...source } = shape;
  problems.push(...checkAbove(source.of, aboveMs, path));
  return { ...source, ...(aboveMs === undefined ? {} : { aboveMs }) };
};

function checkAbove(
  of: OtlpSource['of'],
  aboveMs: number | undefined,
  path: string,
): readonly DomainError[] {
  if ((of === 'slow') === (aboveMs !== undefined)) return [];
  return [domainError('source_above_misplaced', {}, { path: `${path}/above` })];
}
