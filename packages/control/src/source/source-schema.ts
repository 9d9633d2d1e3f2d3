import { DURATION_ACCEPTS, DURATION_PATTERN } from '../document/duration.ts';
import { anyOf, object, optional, string, words } from '../document/json-schema.ts';
import { NAME_MOST } from '../document/readers.ts';
import { QUERY_MOST } from './read-source.ts';

const duration = (description: string) =>
  string({ pattern: DURATION_PATTERN, description: `${description} ${DURATION_ACCEPTS}.` });
const name = (description: string) => string({ minLength: 1, maxLength: NAME_MOST, description });
const query = (description: string) =>
  string({
    minLength: 1,
    maxLength: QUERY_MOST,
    description: `${description} PromQL over [$window]; $arm, $flag, $environment and $rollout are filled in.`,
  });

/** JSON Schema of a metric's source that is asked by PromQL. */
export const prometheusSourceSchema = object({
  type: words('prometheus'),
  server: name('Name that the server knows its address by.'),
  queries: anyOf([
    object({ bad: query('Bad requests.'), total: query('All requests.') }),
    object({ value: query('One figure per arm and batch.') }),
  ]),
  delay: optional(duration('How far back a batch is read:')),
  scrape: optional(duration('How often the server scrapes:')),
});

/** JSON Schema of a metric's source that services tell of by OTLP. */
export const otlpSourceSchema = object({
  type: words('otlp'),
  of: words('errors', 'slow'),
  above: optional(duration('Slow is longer than:')),
  instrument: optional(name('A histogram of durations, instead of spans.')),
});
