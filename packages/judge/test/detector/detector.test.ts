import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { HARM_MIXTURE } from '../../src/betting/mixtures.ts';
import {
  absorbStep,
  assessDetector,
  createDetector,
  type Detector,
  resetDetector,
} from '../../src/detector/detector.ts';
import { watchHoldback } from '../../src/detector/watch-holdback.ts';
import { watchLimit } from '../../src/detector/watch-limit.ts';
import { type Random, seeded } from '../support/random.ts';
import { runsOf, SIMULATION_TIMEOUT_MS } from '../support/rates.ts';

const CELLS = HARM_MIXTURE.multipliers.length;

/** The sum of all e-processes, one started at each step, written out. */
function sumOfStarts(batches: readonly number[]): number {
  let sum = 0;
  for (let start = 0; start < batches.length; start += 1) {
    sum += Math.exp(batches.slice(start).reduce((total, log) => total + log, 0));
  }
  return Math.log(sum);
}

describe('the statistic', () => {
  const logs = fc.array(fc.double({ min: -2, max: 2, noNaN: true }), {
    minLength: 1,
    maxLength: 30,
  });

  test('is the sum of e-processes started at every step', () => {
    fc.assert(
      fc.property(logs, (batches) => {
        const detector = createDetector(1e6);
        for (const log of batches) {
          absorbStep(detector, { logFactors: Array<number>(CELLS).fill(log), expected: 1 });
        }
        expect(assessDetector(detector).logStatistic).toBeCloseTo(sumOfStarts(batches), 9);
      }),
    );
  });

  test('a step is as many batches as it takes to expect one bad outcome', () => {
    fc.assert(
      fc.property(logs, fc.integer({ min: 1, max: 5 }), (batches, parts) => {
        const [split, whole] = [createDetector(1e6), createDetector(1e6)];
        for (const log of batches) {
          for (let part = 0; part < parts; part += 1) {
            const logFactors = Array<number>(CELLS).fill(log / parts);
            absorbStep(split, { logFactors, expected: part === parts - 1 ? 1 : 0.1 / parts });
          }
          absorbStep(whole, { logFactors: Array<number>(CELLS).fill(log), expected: 1 });
        }
        expect(split.steps).toBe(whole.steps);
        expect(assessDetector(split).logStatistic).toBeCloseTo(
          assessDetector(whole).logStatistic,
          9,
        );
      }),
    );
  });

  test('stays finite and bounded in state over a hundred thousand silent batches', () => {
    const detector = createDetector(1000);
    for (let batch = 0; batch < 100_000; batch += 1) {
      watchLimit(detector, { units: 100, bad: 0, limit: 0.01 });
    }
    expect(assessDetector(detector).alarm).toBe(false);
    expect(Number.isFinite(assessDetector(detector).logStatistic)).toBe(true);
    expect(JSON.stringify(detector).length).toBeLessThan(2000);
  });

  test('state goes through JSON bit for bit', () => {
    const detector = createDetector(500);
    const random = seeded(3);
    for (let batch = 0; batch < 50; batch += 1) {
      watchLimit(detector, { units: 60, bad: random.binomial(60, 0.02), limit: 0.015 });
    }
    const copy = JSON.parse(JSON.stringify(detector)) as Detector;
    watchLimit(detector, { units: 60, bad: 3, limit: 0.015 });
    watchLimit(copy, { units: 60, bad: 3, limit: 0.015 });
    expect(copy).toEqual(detector);
  });

  test('a batch without units is skipped', () => {
    const detector = createDetector(500);
    watchLimit(detector, { units: 0, bad: 0, limit: 0.1 });
    const none = { units: 0, bad: 0 };
    watchHoldback(detector, {
      counts: { treatment: { units: 5, bad: 5 }, control: none },
      null: { ratio: 1, excess: 0 },
      controlRate: 0.1,
    });
    expect(detector).toEqual(createDetector(500));
  });
});

/** Batches until the alarm; at most `most`. */
function runLength(detector: Detector, watch: () => void, most: number): number {
  while (detector.batches < most) {
    watch();
    if (assessDetector(detector).alarm) return detector.batches;
  }
  return most;
}

describe('run lengths', () => {
  const averageRunLength = 200;

  test.each([
    ['against a limit that is met exactly', limitWatch],
    ['against a holdback, the level changing over the day', holdbackWatch],
  ])(
    '%s: false alarms are at least as far apart as asked',
    (_name, watch) => {
      const runs = runsOf(60);
      let total = 0;
      for (let seed = 0; seed < runs; seed += 1) {
        const detector = createDetector(averageRunLength);
        total += runLength(detector, watch(detector, { random: seeded(seed), times: 1 }), 3000);
      }
      // Cut off at 3,000, so an underestimate.
      expect(total / runs).toBeGreaterThan(averageRunLength);
    },
    SIMULATION_TIMEOUT_MS,
  );

  test('a doubling is found soon, its beginning named, and a reset starts anew', () => {
    const delays: number[] = [];
    for (let seed = 0; seed < 20; seed += 1) {
      const detector = createDetector(10_000);
      const random = seeded(40 + seed);
      for (let batch = 0; batch < 500; batch += 1) {
        watchLimit(detector, { units: 1000, bad: random.binomial(1000, 0.008), limit: 0.01 });
      }
      expect(assessDetector(detector).alarm).toBe(false);
      const found = runLength(detector, limitWatch(detector, { random, times: 2 }), 600);
      delays.push(found - 500);
      const began = assessDetector(detector).beganBatchesAgo ?? 0;
      expect(Math.abs(began - (found - 500))).toBeLessThanOrEqual(4);
      resetDetector(detector);
      expect(detector).toEqual(createDetector(10_000));
    }
    delays.sort((one, other) => one - other);
    expect(delays[10]).toBeLessThan(8);
    expect(delays[19]).toBeLessThan(20);
  });

  interface Truth {
    readonly random: Random;
    /** Treatment's true rate over what is allowed. */
    readonly times: number;
  }

  function limitWatch(detector: Detector, { random, times }: Truth): () => void {
    return () => {
      const bad = random.binomial(1000, 0.01 * times);
      watchLimit(detector, { units: 1000, bad, limit: 0.01 });
    };
  }

  function holdbackWatch(detector: Detector, { random, times }: Truth): () => void {
    return () => {
      const rate = 0.02 * (1 + 0.5 * Math.sin(detector.batches / 60));
      const arm = (units: number, p: number) => ({ units, bad: random.binomial(units, p) });
      watchHoldback(detector, {
        counts: { treatment: arm(1000, rate * times), control: arm(200, rate) },
        null: { ratio: 1, excess: 0 },
        controlRate: 0.02,
      });
    };
  }
});
