import { readMetricDocument, writeMetricDocument, type MetricDefinition } from '@downhaul/control';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

const OWN = { owner: 'team-checkout', description: 'what it is' };

function problems(document: object): string[] {
  const read = readMetricDocument({ ...OWN, ...document });
  return read.ok ? [] : read.problems.map(({ code, path }) => `${code} ${path}`);
}

describe('a metric document', () => {
  test('fills in what it leaves out', () => {
    const document = { metric: 'basket', kind: 'mean', worse: 'lower', window: '1h', ...OWN };
    expect(readMetricDocument(document)).toEqual({
      ok: true,
      value: {
        key: 'basket',
        kind: 'mean',
        worse: 'lower',
        windowMs: 3_600_000,
        source: { type: 'sdk' },
        aggregate: 'sum',
        ...OWN,
      },
    });
  });

  test.each<[string, object, string[]]>([
    ['of a conversion', { metric: 'paid', kind: 'conversion' }, []],
    [
      'that takes the place of a built-in one',
      { metric: 'http.error_rate', kind: 'share' },
      ['metric_built_in /metric'],
    ],
    [
      'that every object has as a member',
      { metric: 'constructor', kind: 'share' },
      ['document_value /metric'],
    ],
    [
      'of a mean that says no direction',
      { metric: 'm', kind: 'mean' },
      ['metric_property_missing '],
    ],
    [
      'of a conversion that hurts by being higher',
      { metric: 'paid', kind: 'conversion', worse: 'higher' },
      ['metric_worse_impossible /worse'],
    ],
    [
      'of a share with steps',
      { metric: 's', kind: 'share', steps: ['a', 'b'] },
      ['metric_property_foreign /steps'],
    ],
    ['of a funnel without steps', { metric: 'f', kind: 'funnel' }, ['metric_property_missing ']],
    [
      'of a funnel that comes back to a step',
      { metric: 'f', kind: 'funnel', steps: ['a', 'b', 'a'] },
      ['metric_step_twice /steps/2'],
    ],
    [
      'of a funnel with one event',
      { metric: 'f', kind: 'funnel', steps: ['a', 'b'], source: { type: 'sdk', event: 'c' } },
      ['metric_property_foreign /source/event'],
    ],
    [
      'of retention without an end',
      { metric: 'r', kind: 'retention', after: '1d' },
      ['metric_property_missing '],
    ],
    [
      'of retention that ends before it begins',
      { metric: 'r', kind: 'retention', after: '2d', window: '1d' },
      ['metric_window_too_short /window'],
    ],
    [
      'from nowhere',
      { metric: 'm', kind: 'share', source: { type: 'carrier-pigeon' } },
      ['document_value /source/type'],
    ],
    [
      'with an unknown property',
      { metric: 'm', kind: 'share', margin: 1 },
      ['document_property_unknown /margin'],
    ],
  ])('%s', (_name, document, expected) => {
    expect(problems(document)).toEqual(expected);
  });

  test('is read back as it was written', () => {
    fc.assert(
      fc.property(someMetric, (metric) => {
        expect(readMetricDocument(writeMetricDocument(metric))).toEqual({
          ok: true,
          value: metric,
        });
      }),
    );
  });
});

const name = fc.stringMatching(/^[a-z]{1,8}[.][a-z]{1,8}$/);
const seconds = fc.integer({ min: 1, max: 100_000 }).map((count) => count * 1000);
const common = { key: name, owner: name, description: name };
const optional = { unit: fc.option(name, { nil: undefined }) };

function record(shape: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<MetricDefinition> {
  return fc
    .record({ ...common, ...optional, source: fc.constant({ type: 'sdk' }), ...shape })
    .map(
      (metric) =>
        Object.fromEntries(
          Object.entries(metric).filter(([, value]) => value !== undefined),
        ) as unknown as MetricDefinition,
    )
    .filter(({ key }) => !key.startsWith('http.') && !key.startsWith('browser.'));
}

const someMetric = fc.oneof(
  record({ kind: fc.constant('share'), worse: fc.constant('higher') }),
  record({
    kind: fc.constant('mean'),
    worse: fc.constantFrom('higher', 'lower'),
    aggregate: fc.constantFrom('sum', 'last', 'max'),
    cap: fc.option(fc.integer({ min: 1, max: 1000 }), { nil: undefined }),
    windowMs: fc.option(seconds, { nil: undefined }),
  }),
  record({
    kind: fc.constant('funnel'),
    worse: fc.constant('lower'),
    steps: fc.uniqueArray(name, { minLength: 2, maxLength: 10 }),
  }),
  record({
    kind: fc.constant('retention'),
    worse: fc.constant('lower'),
    afterMs: fc.constant(1000),
    windowMs: seconds.map((ms) => ms + 1000),
  }),
);
