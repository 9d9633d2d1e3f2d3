import { describe, expect, test } from 'vitest';
import { attribute } from '../../src/attribution/attribute.ts';
import { errorBudget } from '../../src/budget/error-budget.ts';
import { rhoFor } from '../../src/continuous/information-time.ts';
import { judgeMeans } from '../../src/continuous/judge-means.ts';
import { compareQuantiles } from '../../src/quantile/compare-quantiles.ts';
import { quantileInterval } from '../../src/quantile/quantile-interval.ts';
import { srmByDimension } from '../../src/srm/by-dimension.ts';
import { explainAttribution } from '../../src/words/explain-attribution.ts';
import { explainBudget } from '../../src/words/explain-budget.ts';
import { explainMeans } from '../../src/words/explain-means.ts';
import { explainQuantile } from '../../src/words/explain-quantile.ts';
import { explainRate } from '../../src/words/explain-rate.ts';
import { explainSlices } from '../../src/words/explain-slices.ts';
import { explainWatch } from '../../src/words/explain-watch.ts';
import { durationText, figureText, percentText } from '../../src/words/figures.ts';
import { addLatency, TWO_PERCENT_SCALE } from '../support/latency-scale.ts';

const HOUR_MS = 3_600_000;

test('figures as people read them', () => {
  expect([0, 0.00012, 0.0123, 0.5, -0.031].map(percentText)).toEqual([
    '0 %',
    '0.012 %',
    '1.2 %',
    '50 %',
    '-3.1 %',
  ]);
  expect([0.012345, 1234.5, Infinity].map(figureText)).toEqual(['0.0123', '1230', 'unbounded']);
  expect([4e4, 3e6, 9e6, 4e8].map(durationText)).toEqual(['40 s', '50 min', '2.5 h', '5 days']);
});

describe('means', () => {
  const options = { claim: 'harm', rho: rhoFor(1, 0.01), alpha: 0.01 } as const;
  const metric = { name: 'http.latency', unit: 'ms', claim: 'harm' } as const;

  test('harm that is shown, that is not, and nothing to see', () => {
    const explained = (difference: number) =>
      explainMeans(
        judgeMeans([{ stratum: 'a', contrast: { difference, variance: 1 } }], options),
        metric,
      );
    expect(explained(12)).toBe(
      'http.latency: treatment is 12 ms beyond its margin, give or take 1 ms; it is worse with 99 % certainty',
    );
    expect(explained(-2)).toBe(
      'http.latency: treatment is 2 ms within its margin, give or take 1 ms; harm is not shown yet',
    );
    expect(explainMeans(judgeMeans([], options), metric)).toBe(
      'http.latency: not enough units in both arms yet',
    );
  });

  test('an approximate spread is said so', () => {
    const contrast = { difference: 1, variance: 1, approximate: true };
    expect(explainMeans(judgeMeans([{ stratum: 'a', contrast }], options), metric)).toContain(
      'approximate',
    );
  });
});

test('rates, with their ratio and with clusters', () => {
  const evidence = { logE: 9, limit: Math.log(100), refuted: true, form: 'poisson' } as const;
  const ratio = { estimate: Math.log(2), lower: Math.log(1.5), upper: Math.log(3) };
  expect(explainRate(evidence, { name: 'retries', claim: 'harm' }, ratio)).toBe(
    'retries: treatment has more of them with 99 % certainty; 2 times as often as control (1.5 to 3)',
  );
  expect(
    explainRate(
      { ...evidence, refuted: false, form: 'batchMeans' },
      { name: 'x', claim: 'nonInferiority' },
    ),
  ).toBe(
    'x: that it stays within the margin is not shown yet; events come in clusters, so only the spread between batches is believed',
  );
});

test('quantiles', () => {
  const arm = (level: number) => {
    const histogram: Record<number, number> = {};
    for (let i = 0; i < 4000; i += 1) addLatency(histogram, level * (1 + (i % 100) / 100));
    return histogram;
  };
  const [treatment, control] = [arm(200), arm(100)];
  const compared = { quantile: 0.9, relativeMargin: 0.1, claim: 'harm' } as const;
  const options = { quantile: 0.9, alpha: 0.05, sharpestAt: 1000 };
  const evidence = compareQuantiles({
    ...compared,
    treatment,
    control,
    scale: TWO_PERCENT_SCALE,
    alpha: 0.05,
    sharpestAt: 1000,
  });
  const interval = (histogram: Record<number, number>) =>
    quantileInterval(histogram, TWO_PERCENT_SCALE, options);
  const text = explainQuantile(evidence, {
    ...compared,
    treatment: interval(treatment),
    control: interval(control),
  });
  expect(text).toMatch(
    /^p90 is \d+ ms \(\d+ ms to \d+ ms\) in treatment, \d+ ms \(.+\) in control; /,
  );
  expect(text).toMatch(/treatment is slower by more than 10 % with 95 % certainty$/);
});

test('an error budget', () => {
  const at = (bad: number) =>
    explainBudget(
      errorBudget({
        objective: { target: 0.99, windowMs: 720 * HOUR_MS },
        counts: [
          { endMs: 0, total: 1000, bad },
          { endMs: -100 * HOUR_MS, total: 99_000, bad: 0 },
        ],
        nowMs: 0,
        batchMs: 60_000,
      }),
    );
  expect(at(0)).toBe('100 % of the error budget is left');
  expect(at(200)).toBe(
    '80 % of the error budget is left; burning 20 times as fast as allowed over 60 min (page from 14.4); burning 20 times as fast as allowed over 6 h (page from 6); burning 20 times as fast as allowed over 3 days (ticket from 1); at this rate it is spent in 28.8 h',
  );
  expect(at(1000)).toContain('the error budget is spent: 1000 bad events, 1000 were allowed');
});

test('attributions', () => {
  const shown = (yes: boolean) => ({ logE: yes ? 9 : 0, limit: 5 });
  const text = (harm: boolean, control: boolean, share: boolean) =>
    explainAttribution(
      attribute({
        treatmentAboveControl: shown(harm),
        controlAboveBaseline: shown(control),
        treatmentAboveBaseline: shown(false),
        serviceWithShare: shown(share),
        shareUndecided: false,
      }),
    );
  expect(text(true, false, false)).toMatch(/the feature is the cause; roll back$/);
  expect(text(true, true, false)).toContain('the service is worse than before the rollout too');
  expect(text(false, true, true)).toContain('harms what all of them use; roll back');
  expect(text(false, true, false)).toContain('hold and alert the service');
  expect(text(false, false, false)).toBe('nothing is shown to be worse than before the rollout');
});

test('the watch and the sample ratio', () => {
  const limit = Math.log(10_000);
  expect(explainWatch({ alarm: true, logStatistic: 12, limit, beganBatchesAgo: 12 }, 60_000)).toBe(
    'it got worse about 12 min ago; a false alarm like this comes at most every 10000 steps on average',
  );
  expect(
    explainWatch({ alarm: false, logStatistic: 1, limit, beganBatchesAgo: null }, 60_000),
  ).toContain('no worsening is shown');
  const srm = srmByDimension({
    whole: [{ share: 0.5, treatment: 9000, control: 9600 }],
    dimensions: ['platform'],
    slices: [
      {
        dimension: 'platform',
        value: 'ios',
        assignments: [{ share: 0.5, treatment: 1000, control: 1600 }],
      },
    ],
    alpha: 0.001,
  });
  expect(explainSlices(srm)).toBe(
    'units are not split as configured, with 99.9 % certainty; all units: 3.2 % missing in treatment, platform ios: 23 % missing in treatment',
  );
});
