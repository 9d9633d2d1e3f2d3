import { describe, expect, it } from 'vitest';
import { absorbBatch, bet, createProcess, logE } from '../../src/index.ts';
import { HARM_MIXTURE, NON_INFERIORITY_MIXTURE } from '../../src/index.ts';
import type { Mixture } from '../../src/index.ts';

type Counts = readonly [nT: number, xT: number, nC: number, xC: number];

function run(
  setting: { ratio: number; excess: number; p0: number; mixture: Mixture },
  batches: readonly Counts[],
): number[] {
  const process = createProcess(setting, setting.p0, setting.mixture);
  return batches.map(([nT, xT, nC, xC]) => {
    absorbBatch(process, setting.mixture, {
      treatment: { units: nT, bad: xT },
      control: { units: nC, bad: xC },
    });
    return logE(process, setting.mixture);
  });
}

describe('bet', () => {
  it.each([
    [2, 1 / 99, 1, 0, 1.9801980198, 0.9900990099],
    [0.5, 1 / 99, 1, 0, 0.5025125628, 1.0050251256],
    [2, 1, 1, 0, 1.3333333333, 0.6666666667],
    [2, 1 / 19, 1.1, 2e-4, 1.9101032681, 0.9473098108],
    [0.5, 1 / 19, 1.1, 2e-4, 0.5119036464, 1.0282582099],
    [2, 1, 1, 1e-3, 1.4384471872, 0.5615528128],
  ])('m=%d r=%d th0=%d d=%d', (multiplier, exposureRatio, ratio, excess, a, b) => {
    const found = bet({ multiplier, exposureRatio, controlRate: 1e-3, null: { ratio, excess } });
    expect(found.a).toBeCloseTo(a, 9);
    expect(found.b).toBeCloseTo(b, 9);
  });

  it('caps the bet so that a bad outcome in control never costs everything', () => {
    const found = bet({
      multiplier: 1000,
      exposureRatio: 99,
      controlRate: 1e-3,
      null: { ratio: 1, excess: 0.1 },
    });
    expect(found.b).toBeGreaterThan(0);
  });
});

describe('e-processes', () => {
  it('harm', () => {
    const found = run({ ratio: 1, excess: 0, p0: 1e-3, mixture: HARM_MIXTURE }, [
      [100, 0, 9900, 10],
      [120, 1, 11880, 11],
      [80, 2, 7920, 7],
      [100, 3, 9900, 9],
    ]);
    expect(found.map((value) => value.toFixed(8))).toEqual([
      '-0.13273103',
      '0.37991728',
      '2.51179492',
      '7.62893531',
    ]);
  });

  it('non-inferiority', () => {
    const found = run({ ratio: 1, excess: 1e-3, p0: 1e-3, mixture: NON_INFERIORITY_MIXTURE }, [
      [1000, 0, 9000, 10],
      [1200, 1, 10800, 11],
      [800, 1, 7200, 7],
      [1000, 1, 9000, 9],
    ]);
    expect(found.map((value) => value.toFixed(8))).toEqual([
      '0.84710391',
      '1.25399008',
      '1.27755098',
      '1.49858737',
    ]);
  });

  it('sees through Simpson: worse on both days, better when pooled', () => {
    const found = run({ ratio: 1, excess: 0, p0: 0.015, mixture: HARM_MIXTURE }, [
      [10_000, 230, 990_000, 20_000],
      [500_000, 6_000, 500_000, 5_000],
    ]);
    expect(found.at(-1)?.toFixed(2)).toBe('42.75');
  });
});
