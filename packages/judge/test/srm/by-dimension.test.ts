import { describe, expect, test } from 'vitest';
import { type SliceAssignments, srmByDimension } from '../../src/srm/by-dimension.ts';
import { srmLogE } from '../../src/srm/log-bayes-factor.ts';
import { seeded } from '../support/random.ts';
import { countRuns, expectAtMostAlpha, runsOf, SIMULATION_TIMEOUT_MS } from '../support/rates.ts';

function slice(dimension: string, value: string, counts: [number, number]): SliceAssignments {
  return {
    dimension,
    value,
    assignments: [{ share: 0.5, treatment: counts[0], control: counts[1] }],
  };
}

const even = [{ share: 0.5, treatment: 10_000, control: 10_000 }];

describe('sample ratio by dimension', () => {
  test('without dimensions it is the ratio of the whole', () => {
    const whole = [{ share: 0.5, treatment: 4600, control: 5000 }];
    const result = srmByDimension({ whole, dimensions: [], slices: [], alpha: 0.001 });
    expect(result.logE).toBeCloseTo(srmLogE({ treatment: 4600, control: 5000 }, 0.5), 12);
    expect(result.alarm).toBe(false);
  });

  test('names the platform that loses treatment units while the whole looks fine', () => {
    const result = srmByDimension({
      whole: even,
      dimensions: ['platform', 'service'],
      slices: [
        slice('platform', 'web', [9000, 8400]),
        slice('platform', 'ios', [1000, 1600]),
        slice('service', 'storefront', [10_000, 10_000]),
      ],
      alpha: 0.001,
    });
    expect(result.alarm).toBe(true);
    expect(result.suspects[0]).toMatchObject({ dimension: 'platform', value: 'ios' });
    expect(result.suspects[0]?.treatmentDeficit).toBeCloseTo(0.2308, 4);
  });

  test('a slice that raises the alarm alone is a suspect, and a suspect raises the alarm', () => {
    for (let lost = 0; lost < 900; lost += 25) {
      const result = srmByDimension({
        whole: even,
        dimensions: ['platform'],
        slices: [
          slice('platform', 'web', [5000, 5000]),
          slice('platform', 'tv', [5000 - lost, 5000]),
        ],
        alpha: 0.001,
      });
      if (result.suspects.length > 0) expect(result.alarm).toBe(true);
    }
  });

  test('a dimension that was not declared is refused', () => {
    expect(() =>
      srmByDimension({
        whole: even,
        dimensions: [],
        slices: [slice('x', 'y', [1, 1])],
        alpha: 0.1,
      }),
    ).toThrow(expect.objectContaining({ code: 'dimension_unknown' }));
  });

  test(
    'ten slices of a fair split raise no more false alarms than alpha',
    () => {
      const runs = runsOf(60);
      const alpha = 0.05;
      const alarms = countRuns(runs, (seed) => {
        const random = seeded(seed);
        const counts = Array.from({ length: 10 }, () => ({ treatment: 0, control: 0 }));
        for (let look = 0; look < 60; look += 1) {
          for (const each of counts) {
            const treatment = random.binomial(100, 0.1);
            each.treatment += treatment;
            each.control += 100 - treatment;
          }
          const whole = counts.map((each) => ({ share: 0.1, ...each }));
          const slices = counts.map((each, index) => ({
            dimension: 'platform',
            value: String(index),
            assignments: [{ share: 0.1, ...each }],
          }));
          const sums = whole.reduce((sum, each) => ({
            share: 0.1,
            treatment: sum.treatment + each.treatment,
            control: sum.control + each.control,
          }));
          if (srmByDimension({ whole: [sums], dimensions: ['platform'], slices, alpha }).alarm)
            return true;
        }
        return false;
      });
      expectAtMostAlpha(alarms, runs, alpha);
    },
    SIMULATION_TIMEOUT_MS,
  );
});
