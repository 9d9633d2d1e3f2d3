import { readPlanDocument, readSegmentDocument } from '@downhaul/control';
import { describe, expect, test } from 'vitest';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** The example of the architecture, as a YAML 1.2 reader gives it. */
const EXAMPLE = {
  plan: 'canary',
  unit: 'targetingKey',
  stages: [
    { share: '1%', bake: '30m' },
    { share: '5%', bake: '30m' },
    { share: '25%', bake: '1h' },
    { share: '50%', bake: '1h' },
    { share: '100%', bake: '24h' },
  ],
  guardrails: [
    { metric: 'http.error_rate', margin: { relative: '5%', absolute: 0.0005 } },
    { metric: 'http.latency', quantile: 'p99', margin: { relative: '10%' } },
  ],
  signals: [{ metric: 'checkout.completed', worse: 'lower', margin: { relative: '2%' } }],
  success: [{ metric: 'checkout.completed', better: 'higher', by: { relative: '1%' } }],
  harmBudget: 50,
  reactionTime: '30m',
  batch: '60s',
  horizons: ['60s', '1h', '24h'],
  holdback: '0%',
  whenBlind: { hold: '30m', then: 'hold', treatmentOnly: 'rollback' },
  whenStageTooLong: { after: '12h', then: 'pause' },
  slices: ['service', 'platform'],
};

const MINIMAL = { plan: 'p', stages: [{ share: '100%', bake: '30m' }] };

function value(document: object) {
  const result = readPlanDocument(document);
  if (!result.ok) expect.fail(JSON.stringify(result.problems));
  return result.value;
}

function problems(change: object) {
  const result = readPlanDocument({ ...MINIMAL, ...change });
  return result.ok ? [] : result.problems.map(({ code, path }) => `${code} ${path}`);
}

const GUARDED = { guardrails: [{ metric: 'http.error_rate', margin: { relative: '5%' } }] };

describe('a plan document', () => {
  test('gives the example of the architecture in milliseconds, millionths and ratios', () => {
    expect(value(EXAMPLE)).toEqual({
      key: 'canary',
      unit: 'targetingKey',
      baselineMs: 5 * MINUTE_MS,
      stages: [
        [10_000, 30 * MINUTE_MS],
        [50_000, 30 * MINUTE_MS],
        [250_000, HOUR_MS],
        [500_000, HOUR_MS],
        [1_000_000, 24 * HOUR_MS],
      ].map(([sharePerMillion, bakeMs]) => ({
        allocations: [{ sharePerMillion }],
        bakeMs,
        minimumSample: 0,
      })),
      guardrails: [
        {
          metric: 'http.error_rate',
          margin: { relative: 0.05, absolute: 0.0005 },
          weight: 0.5,
        },
        {
          metric: 'http.latency',
          quantile: 0.99,
          margin: { relative: 0.1, absolute: 0 },
          weight: 0.5,
        },
      ],
      signals: [
        {
          metric: 'checkout.completed',
          worse: 'lower',
          margin: { relative: 0.02, absolute: 0 },
          weight: 1,
        },
      ],
      success: [{ metric: 'checkout.completed', better: 'higher', by: { relative: 0.01 } }],
      harmBudget: 50,
      reactionTimeMs: 30 * MINUTE_MS,
      batchMs: MINUTE_MS,
      horizonsMs: [MINUTE_MS, HOUR_MS, 24 * HOUR_MS],
      holdbackPerMillion: 0,
      whenBlind: { holdMs: 30 * MINUTE_MS, then: 'hold', treatmentOnly: 'rollback' },
      whenStageTooLong: { afterMs: 12 * HOUR_MS, then: 'pause' },
      slices: [
        { attribute: 'service', minimumSample: 100 },
        { attribute: 'platform', minimumSample: 100 },
      ],
      alphaHarm: 0.01,
      alphaNonInferiority: 0.05,
      alphaSrm: 0.001,
      proof: { reachedMs: 30_000, silentMs: 60_000, recoveredMs: 15 * MINUTE_MS },
    });
  });

  test('has the defaults of the example, but no baseline where nothing is judged', () => {
    expect(value(MINIMAL)).toEqual({
      key: 'p',
      stages: [
        {
          allocations: [{ sharePerMillion: 1_000_000 }],
          bakeMs: 30 * MINUTE_MS,
          minimumSample: 0,
        },
      ],
      unit: 'targetingKey',
      baselineMs: 0,
      guardrails: [],
      signals: [],
      success: [],
      harmBudget: 50,
      reactionTimeMs: 30 * MINUTE_MS,
      batchMs: MINUTE_MS,
      horizonsMs: [MINUTE_MS],
      holdbackPerMillion: 0,
      whenBlind: { holdMs: 30 * MINUTE_MS, then: 'hold', treatmentOnly: 'rollback' },
      whenStageTooLong: { afterMs: 12 * HOUR_MS, then: 'pause' },
      alphaHarm: 0.01,
      alphaNonInferiority: 0.05,
      alphaSrm: 0.001,
      proof: { reachedMs: 30_000, silentMs: 60_000, recoveredMs: 15 * MINUTE_MS },
    });
  });

  test.each<[string, object, number[]]>([
    [
      'a bake of 24 h',
      { stages: [{ share: '1%', bake: '24h' }] },
      [MINUTE_MS, HOUR_MS, 24 * HOUR_MS],
    ],
    ['a bake of 1 h', { stages: [{ share: '1%', bake: '1h' }] }, [MINUTE_MS, HOUR_MS]],
    ['a bake of 6 s', { stages: [{ share: '1%', bake: '6s' }] }, [MINUTE_MS]],
    [
      'batches of 5 m',
      { batch: '5m', stages: [{ share: '1%', bake: '2h' }] },
      [5 * MINUTE_MS, HOUR_MS],
    ],
    ['batches of 7 m', { batch: '7m', stages: [{ share: '1%', bake: '24h' }] }, [7 * MINUTE_MS]],
  ])('judges with %s at horizons that close within it', (_name, change, horizonsMs) => {
    const plan = value({ ...MINIMAL, ...GUARDED, ...change });
    expect(plan.horizonsMs).toEqual(horizonsMs);
    expect(plan.baselineMs).toBe(Math.max(5 * plan.batchMs, 2 * (horizonsMs[0] ?? 0)));
  });

  test('shares among guardrails without a weight what the others leave', () => {
    const margin = { relative: '5%' };
    const plan = value({
      ...MINIMAL,
      guardrails: [
        { metric: 'a', margin, weight: 0.5 },
        { metric: 'b', margin },
        { metric: 'c', margin },
      ],
    });
    expect(plan.guardrails.map(({ weight }) => weight)).toEqual([0.5, 0.25, 0.25]);
  });

  test.each<[string, object, object]>([
    ['one segment', { segments: ['a'] }, { segment: 'a' }],
    ['several segments', { segments: ['a', 'b'] }, { any: [{ segment: 'a' }, { segment: 'b' }] }],
    ['tenants', { tenants: ['acme'] }, { attribute: 'tenant', in: ['acme'] }],
    [
      'services and instances',
      { services: ['pricing'], instances: ['pod-1'] },
      {
        all: [
          { attribute: 'service', in: ['pricing'] },
          { attribute: 'instance', in: ['pod-1'] },
        ],
      },
    ],
    ['a condition', { attribute: 'email', endsWith: '@a' }, { attribute: 'email', endsWith: '@a' }],
  ])('takes an audience of %s', (_name, audience, condition) => {
    const plan = value({
      plan: 'p',
      stages: [{ share: '10%', bake: '1h', audience, plus: [{ audience, share: '20%' }] }],
    });
    expect(plan.stages[0]?.allocations).toEqual([
      { audience: condition, sharePerMillion: 100_000 },
      { audience: condition, sharePerMillion: 200_000 },
    ]);
  });

  test.each<[string, object, string[]]>([
    [
      'a share without its sign',
      { stages: [{ share: 5, bake: '1h' }] },
      ['document_type /stages/0/share'],
    ],
    [
      'a share above the whole',
      { stages: [{ share: '101%', bake: '1h' }] },
      ['document_value /stages/0/share'],
    ],
    [
      'a share too fine',
      { stages: [{ share: '0.00001%', bake: '1h' }] },
      ['document_value /stages/0/share'],
    ],
    [
      'a duration without a unit',
      { stages: [{ share: '5%', bake: '30' }] },
      ['document_value /stages/0/bake'],
    ],
    [
      'a duration above a year',
      { stages: [{ share: '5%', bake: '366d' }] },
      ['document_value /stages/0/bake'],
    ],
    ['a batch of nothing', { batch: '0s' }, ['document_value /batch']],
    [
      'a quantile below the median',
      { guardrails: [{ metric: 'http.latency', quantile: 'p5', margin: { relative: '5%' } }] },
      ['document_value /guardrails/0/quantile'],
    ],
    [
      'a margin as a number',
      { guardrails: [{ metric: 'a', margin: { relative: 0.05 } }] },
      ['document_type /guardrails/0/margin/relative'],
    ],
    [
      'an empty audience',
      { stages: [{ share: '5%', bake: '1h', audience: { tenants: [] } }] },
      ['document_value /stages/0/audience/tenants'],
    ],
    [
      'an audience of two kinds',
      { stages: [{ share: '5%', bake: '1h', audience: { tenants: ['a'], all: [] } }] },
      ['document_property_unknown /stages/0/audience/all'],
    ],
    [
      'an action it does not know',
      { whenStageTooLong: { then: 'ship' } },
      ['document_value /whenStageTooLong/then'],
    ],
    ['an alpha of one', { alphaHarm: 1 }, ['document_value /alphaHarm']],
    ['no stages', { stages: [] }, ['plan_stages_empty /stages']],
    ['too short a baseline', { ...GUARDED, baseline: '10s' }, ['plan_baseline_missing /baseline']],
    [
      'too many stages',
      { stages: Array.from({ length: 51 }, () => ({ share: '5%', bake: '1h' })) },
      ['document_too_large /stages'],
    ],
  ])('is refused with %s', (_name, change, expected) => {
    expect(problems(change)).toEqual(expected);
  });
});

describe('a segment document', () => {
  test('gives its condition', () => {
    const condition = { attribute: 'email', endsWith: '@acme.test' };
    expect(readSegmentDocument({ segment: 'staff', owner: 'team', if: condition })).toEqual({
      ok: true,
      value: { key: 'staff', owner: 'team', if: condition },
    });
  });

  test('is refused with what it is not', () => {
    const result = readSegmentDocument({
      segment: 'staff',
      if: { attribute: 'a', semver: 'x' },
      users: [],
    });
    expect(result.ok ? [] : result.problems.map(({ code, path }) => `${code} ${path}`)).toEqual([
      'condition_invalid /if',
      'document_property_unknown /users',
      'document_property_missing ',
    ]);
  });
});

describe('what a verdict needs beside the arms', () => {
  const guardrail = { metric: 'http.error_rate', margin: { relative: '5%' } };
  const budgeted = (budget: object) => ({ guardrails: [{ ...guardrail, budget }] });

  test('an error budget has a window of 30 days and holds unless it says otherwise', () => {
    const plan = value({ ...MINIMAL, ...budgeted({ objective: '99.9%' }) });
    expect(plan.guardrails[0]?.budget).toEqual({
      objective: 0.999,
      windowMs: 30 * 24 * HOUR_MS,
      then: 'hold',
    });
  });

  test.each([
    [{ objective: '100%' }],
    [{ objective: '0%' }],
    [{ objective: '99.9%', window: '36d' }],
    [{ objective: '99.9%', window: '59m' }],
  ])('an error budget of %j cannot be', (budget) => {
    expect(problems(budgeted(budget))).toEqual(['plan_budget_impossible /guardrails/0/budget']);
  });

  test('a watch ends on a day, or after a time, or not by itself', () => {
    const everyMs = 90 * 24 * HOUR_MS;
    expect(value({ ...MINIMAL, watch: { until: '2027-03-01' } }).watch).toEqual({
      untilMs: Date.UTC(2027, 2, 1),
      falseAlarmEveryMs: everyMs,
    });
    expect(value({ ...MINIMAL, watch: { for: '30d' } }).watch).toEqual({
      forMs: 30 * 24 * HOUR_MS,
      falseAlarmEveryMs: everyMs,
    });
    expect(value({ ...MINIMAL, watch: {} }).watch).toEqual({ falseAlarmEveryMs: everyMs });
    expect(problems({ watch: { for: '30d', until: '2027-03-01' } })).toEqual([
      'plan_watch_twice /watch',
    ]);
    expect(problems({ watch: { until: '2027-02-30' } })).toHaveLength(1);
    expect(problems({ watch: { falseAlarmEvery: '90s' } })).toEqual([
      'plan_watch_alarms /watch/falseAlarmEvery',
    ]);
  });

  test('what is shared rolls back or holds', () => {
    expect(value({ ...MINIMAL, whenShared: { then: 'hold' } }).whenShared).toEqual({
      then: 'hold',
    });
    expect(problems({ whenShared: { then: 'pause' } })).toHaveLength(1);
  });
});
