import { DURATION_ACCEPTS, DURATION_PATTERN } from './duration.ts';
import { array, JSON_SCHEMA, number, object, optional, string, words } from './json-schema.ts';
import { KEY_PATTERN } from './key.ts';
import { metricSourceSchema } from './metric-source.ts';
import { NAME_MOST } from './readers.ts';
import { versionSchema } from './version-schema.ts';

const name = (description: string) => string({ minLength: 1, maxLength: NAME_MOST, description });
const duration = (description: string) =>
  string({ pattern: DURATION_PATTERN, description: `${description} ${DURATION_ACCEPTS}.` });

/** JSON Schema of a metric's document. What belongs to which kind is checked beyond it. */
export const MetricDocument = object(
  {
    metric: string({ pattern: KEY_PATTERN, description: 'Key of the metric; plans name it.' }),
    kind: words('share', 'quantile', 'mean', 'conversion', 'funnel', 'retention'),
    source: optional(metricSourceSchema),
    worse: optional(words('higher', 'lower')),
    unit: optional(name('Of the values, such as ms or EUR.')),
    window: optional(duration('How long after its first exposure a unit is observed:')),
    cap: optional(
      number({
        exclusiveMinimum: 0,
        maximum: 1e9,
        description: 'Of a mean: no unit counts beyond it.',
      }),
    ),
    aggregate: optional(words('sum', 'last', 'max')),
    steps: optional(
      array(name('An event.'), {
        minItems: 2,
        maxItems: 10,
        description: 'Of a funnel: events in their order.',
      }),
    ),
    after: optional(duration('Of retention: what happens sooner does not count:')),
    owner: name('Who answers for it.'),
    description: name('What it says, in a sentence.'),
    version: optional(versionSchema),
  },
  { $schema: JSON_SCHEMA, title: 'Metric' },
);
