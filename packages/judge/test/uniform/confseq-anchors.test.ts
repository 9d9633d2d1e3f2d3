import { describe, expect, test } from 'vitest';
import { bestOneSidedRho, bestRho } from '../../src/uniform/best-rho.ts';
import { betaBinomialMixture } from '../../src/uniform/beta-binomial-mixture.ts';
import { gammaExponentialMixture } from '../../src/uniform/gamma-exponential-mixture.ts';
import { gammaPoissonMixture } from '../../src/uniform/gamma-poisson-mixture.ts';
import { mixtureBound, type UniformMixture } from '../../src/uniform/mixture.ts';
import { oneSidedNormalMixture, twoSidedNormalMixture } from '../../src/uniform/normal-mixture.ts';
import { doubleStitchingBound, polynomialStitchingBound } from '../../src/uniform/stitching.ts';

/**
 * Reference values of the confseq library (uniform_boundaries_unittest.cpp), which took them from an
 * independent implementation: accumulated variance 100, alpha = 0.05, tuned for the same.
 */
const ALPHA = 0.05;
const V = 100;
const logThreshold = Math.log(1 / ALPHA);
const oneSided = bestOneSidedRho(V, ALPHA);
const twoSided = bestRho(V, ALPHA);

function betaBinomial(sides: 'one' | 'two'): UniformMixture {
  return betaBinomialMixture({ below: 0.2, above: 0.8, atVariance: V, alpha: ALPHA, sides });
}

test('the parameter that is best at a variance', () => {
  expect(twoSided).toBeCloseTo(12.60056, 5);
});

describe('mixtures: ln e at a sum of 10, and the boundary', () => {
  test.each([
    ['two-sided normal', twoSidedNormalMixture(twoSided), -0.6510052, 30.35209, 5],
    ['one-sided normal', oneSidedNormalMixture(oneSided), -0.06502391, 27.66071, 5],
    ['gamma-exponential', gammaExponentialMixture(oneSided, 2), -0.2490165, 33.02017, 5],
    ['gamma-Poisson', gammaPoissonMixture(oneSided, 2), -0.06991219, 30.1949, 4],
    ['two-sided beta-binomial', betaBinomial('two'), -0.6941012, 31.4308, 4],
    ['one-sided beta-binomial', betaBinomial('one'), -0.07134019, 28.41238, 5],
  ] as const)('%s', (_name, mixture, logE, bound, digits) => {
    expect(mixture.logE(10, V)).toBeCloseTo(logE, 7);
    expect(mixtureBound(mixture, { variance: V, logThreshold })).toBeCloseTo(bound, digits);
  });

  test('a boundary never exceeds the largest possible sum', () => {
    const variance = 2 * 0.2 * 0.8;
    expect(mixtureBound(betaBinomial('one'), { variance, logThreshold })).toBeCloseTo(2 * 0.8, 12);
  });
});

test('polynomial stitching', () => {
  const bound = (scale: number) =>
    polynomialStitchingBound(V, { alpha: ALPHA, leastVariance: 10, scale });
  expect(bound(3)).toBeCloseTo(64.48755, 5);
  expect(bound(-1)).toBeCloseTo(28.99389, 5);
});

test.each([
  [0.5, 68.62803],
  [0.9, 43.72119],
  [0.1, 59.96521],
])('double stitching at the %f-quantile', (p, expected) => {
  const bound = doubleStitchingBound(p, { count: 1000, alpha: ALPHA, sharpestAt: 100 });
  expect(bound).toBeCloseTo(expected, 5);
});
