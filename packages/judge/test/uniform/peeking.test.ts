import { describe, expect, test } from 'vitest';
import { normalCdf } from '../../src/special/normal.ts';
import { bestRho } from '../../src/uniform/best-rho.ts';
import { mixtureBound } from '../../src/uniform/mixture.ts';
import { twoSidedNormalMixture } from '../../src/uniform/normal-mixture.ts';
import {
  constantBound,
  crossingProbability,
  leavingProbability,
  spendingBounds,
} from '../support/recursive-integration.ts';

describe('why looking again and again at z = 1.96 is not a test at 5 %', () => {
  test.each([
    [1, 0.05],
    [2, 0.083],
    [3, 0.107],
    [4, 0.126],
    [5, 0.142],
    [10, 0.193],
    [14, 0.22],
    [20, 0.248],
    [50, 0.32],
    [100, 0.374],
    [200, 0.424],
  ])('%d looks', (looks, expected) => {
    expect(crossingProbability(1.959964, looks)).toBeCloseTo(expected, 3);
  });
});

describe("Pocock's constants", () => {
  test.each([
    [2, 2.178],
    [3, 2.289],
    [4, 2.361],
    [5, 2.413],
    [10, 2.555],
    [14, 2.615],
    [20, 2.672],
    [28, 2.721],
  ])('%d looks', (looks, expected) => {
    expect(constantBound(0.05, looks)).toBeCloseTo(expected, 3);
  });
});

test('spending alpha as t squared (spotify-confidence, test_seq_bounds_run_over)', () => {
  const fractions = [250, 450, 630, 810].map((units) => units / 810);
  const bounds = spendingBounds(fractions, (t) => 0.005 * t ** 2);
  const adjusted = bounds.map((z) => 2 * (1 - normalCdf(z)));
  for (const [index, expected] of [0.00095, 0.00241, 0.0041, 0.00636].entries()) {
    expect(Math.abs((adjusted[index] ?? 0) - expected)).toBeLessThan(2e-5);
  }
});

test('the boundary of the normal mixture keeps 5 % over 200 looks', () => {
  const mixture = twoSidedNormalMixture(bestRho(50, 0.05));
  const edges = Array.from({ length: 200 }, (_, look) =>
    mixtureBound(mixture, { variance: look + 1, logThreshold: Math.log(20) }),
  );
  const crossed = leavingProbability(edges);
  expect(crossed).toBeLessThan(0.05);
  // Most of it is spent by then: the rest is for all looks still to come.
  expect(crossed).toBeGreaterThan(0.02);
});
