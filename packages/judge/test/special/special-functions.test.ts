import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bisect, leastPoint } from '../../src/special/bisect.ts';
import { incompleteBeta, logIncompleteBeta } from '../../src/special/incomplete-beta.ts';
import { logIncompleteGamma } from '../../src/special/incomplete-gamma.ts';
import { logNormalCdf, logScaledNormalCdf, normalCdf } from '../../src/special/normal.ts';
import { zeta } from '../../src/special/zeta.ts';

// Expected values were computed with 30 digits.

function expectRelative(actual: number, expected: number, tolerance = 1e-12): void {
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(
    tolerance * Math.max(1e-300, Math.abs(expected)),
  );
}

describe('normal distribution', () => {
  test.each([
    [-40, -804.60844201375379],
    [-8, -35.01343715991455],
    [-3, -6.6077262215103495],
    [-1, -1.8410216450092635],
    [0, -Math.LN2],
    [2, -0.023012909328963488],
    [8, -6.2209605742717858e-16],
  ])('ln Phi(%f)', (z, expected) => {
    expectRelative(logNormalCdf(z), expected);
  });

  test('no seam where the tail takes over from the series', () => {
    expectRelative(logNormalCdf(-3 - 1e-12), logNormalCdf(-3 + 1e-12), 1e-11);
    expectRelative(logNormalCdf(3 + 1e-12), logNormalCdf(3 - 1e-12), 1e-8);
  });

  test('both tails together are 1', () => {
    fc.assert(
      fc.property(fc.double({ min: -6, max: 6, noNaN: true }), (z) => {
        expect(normalCdf(z) + normalCdf(-z)).toBeCloseTo(1, 13);
      }),
    );
  });

  test('the scaled tail keeps its digits where its two parts have none left', () => {
    // Phi(-x) e^(x^2/2) ~ 1 / (x sqrt(2 pi)).
    expectRelative(logScaledNormalCdf(-1e9), -Math.log(1e9) - 0.5 * Math.log(2 * Math.PI));
    expectRelative(logScaledNormalCdf(-5), logNormalCdf(-5) + 12.5);
  });
});

describe('incomplete gamma function', () => {
  test.each([
    [0.3, 0.1, -0.60529593210948337, -0.78946613811144304],
    [25, 24, -0.80743906928645128, -0.59058838452069153],
    [28.1, 53.2, -6.0410276885236111e-5, -9.7143815253767082],
    [1e6, 1_002_000, -0.0230681310714884, -3.780815114473027],
  ])('shape %f at %f', (shape, x, lower, upper) => {
    const actual = logIncompleteGamma(shape, x);
    expectRelative(actual.lower, lower, 1e-11);
    expectRelative(actual.upper, upper, 1e-11);
  });

  test('nothing lies below 0', () => {
    expect(logIncompleteGamma(2, 0)).toEqual({ lower: -Infinity, upper: 0 });
  });
});

describe('incomplete beta function', () => {
  test.each([
    [0.3, 2, 5, -0.54502894510748895],
    [0.8, 12.5, 3.2, -0.76587454284953351],
    [0.01, 100, 1000, -138.62248850977545],
    [0.99, 1e4, 101, -0.72037917250018202],
  ])('at %f for (%f, %f)', (x, a, b, expected) => {
    expectRelative(logIncompleteBeta(x, a, b), expected, 1e-11);
  });

  test('the two sides together are 1', () => {
    const shape = fc.double({ min: 0.1, max: 1e5, noNaN: true });
    fc.assert(
      fc.property(fc.double({ min: 0.001, max: 0.999, noNaN: true }), shape, shape, (x, a, b) => {
        expect(incompleteBeta(x, a, b) + incompleteBeta(1 - x, b, a)).toBeCloseTo(1, 9);
      }),
    );
  });

  test('is the upper tail of a binomial distribution', () => {
    // P(X >= 3) for X binomial (10, 0.2), summed term by term.
    const below = 0.8 ** 10 + 10 * 0.2 * 0.8 ** 9 + 45 * 0.04 * 0.8 ** 8;
    expectRelative(incompleteBeta(0.2, 3, 8), 1 - below);
  });
});

test('the zeta function', () => {
  expectRelative(zeta(1.4), 3.1055472779775809);
  expectRelative(zeta(2), Math.PI ** 2 / 6);
});

test('bisection finds a root to the last bits, rising or falling', () => {
  expect(bisect((x) => x * x - 2, { low: 0, high: 2 })).toBeCloseTo(Math.SQRT2, 15);
  expect(bisect((x) => 2 - x * x, { low: 0, high: 2 })).toBeCloseTo(Math.SQRT2, 15);
});

test('the bottom of a valley', () => {
  expect(leastPoint((x) => (x - 0.3) ** 2 + 7, { low: -4, high: 9 })).toBeCloseTo(0.3, 6);
});
