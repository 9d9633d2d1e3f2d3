import { domainError } from '../error/domain-error.ts';
import { failure, type Result, success } from '../error/result.ts';
import type { DomainError } from '../error/types.ts';
import { checkMetric } from '../metric/check-metric.ts';
import { worseByKind } from '../metric/kind.ts';
import type { MetricDefinition } from '../metric/types.ts';
import { readMetricSource } from './metric-source.ts';
import {
  listOf,
  numberOf,
  objectOf,
  oneOf,
  type Reader,
  type ValueOf,
  wrongValue,
} from './reader.ts';
import { readKey, readLength, readName, readVersion } from './readers.ts';

/** The largest figure of a unit that is added up exactly in millionths. */
const LARGEST_CAP = 1e9;

/** Figures are kept by the keys of metrics, and every object has a member of this name already. */
const RESERVED = 'constructor';

const readMetricKey: Reader<string> = (value, path, problems) => {
  if (value !== RESERVED) return readKey(value, path, problems);
  return wrongValue(value, { path, accepted: `any key but \`${RESERVED}\`` }, problems);
};

const readShape = objectOf(
  {
    metric: readMetricKey,
    kind: oneOf('share', 'quantile', 'mean', 'conversion', 'funnel', 'retention'),
    owner: readName,
    description: readName,
  },
  {
    source: readMetricSource,
    worse: oneOf('higher', 'lower'),
    unit: readName,
    window: readLength,
    cap: numberOf({ least: 1e-6, most: LARGEST_CAP }),
    aggregate: oneOf('sum', 'last', 'max'),
    steps: listOf(readName, { least: 2, most: 10 }),
    after: readLength,
    version: readVersion,
  },
);

/** A metric from its document, as JSON, all defaults filled in; or every problem in it. */
export function readMetricDocument(json: unknown): Result<MetricDefinition> {
  const problems: DomainError[] = [];
  const shape = readShape(json, '', problems);
  if (shape === undefined) return failure(...problems);
  // Which direction of a mean hurts nobody can guess: of a basket it is the lower, of a delay the higher.
  if (shape.kind === 'mean' && shape.worse === undefined) {
    const facts = { metric: shape.metric, property: 'worse', kind: shape.kind };
    return failure(domainError('metric_property_missing', facts, { accepted: 'higher, lower' }));
  }
  const definition = definitionOf(shape);
  problems.push(...checkMetric(definition));
  return problems.length > 0 ? failure(...problems) : success(definition);
}

function definitionOf(shape: ValueOf<typeof readShape>): MetricDefinition {
  const { metric: key, kind, unit, window, cap, aggregate, steps, after } = shape;
  return {
    key,
    source: shape.source ?? { type: 'sdk' },
    kind,
    worse: shape.worse ?? worseByKind(kind),
    ...(unit === undefined ? {} : { unit }),
    ...(window === undefined ? {} : { windowMs: window }),
    ...(cap === undefined ? {} : { cap }),
    ...(aggregate === undefined ? (kind === 'mean' ? { aggregate: 'sum' } : {}) : { aggregate }),
    ...(steps === undefined ? {} : { steps }),
    ...(after === undefined ? {} : { afterMs: after }),
    owner: shape.owner,
    description: shape.description,
  };
}
