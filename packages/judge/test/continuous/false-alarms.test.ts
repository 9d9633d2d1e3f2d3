import { describe, expect, test } from 'vitest';
import { bucketContrast, UNIT_BUCKETS } from '../../src/continuous/bucket-jackknife.ts';
import { rhoFor } from '../../src/continuous/information-time.ts';
import { judgeMeans } from '../../src/continuous/judge-means.ts';
import type { MeanMargin } from '../../src/continuous/margin.ts';
import { absorbMeanBatch, assessMeans, createMeanProcess } from '../../src/continuous/process.ts';
import { addValue, createSums, momentsOf } from '../../src/continuous/shifted-sums.ts';
import { normal } from '../support/normal.ts';
import { type Random, seeded } from '../support/random.ts';
import { countRuns, expectAtMostAlpha, runsOf, SIMULATION_TIMEOUT_MS } from '../support/rates.ts';

const ALPHA = 0.05;
const SHARES = [0.01, 0.05, 0.25, 0.5];
const BATCHES_PER_STAGE = 15;
const UNITS = 1500;

interface Scenario {
  readonly sigma: number;
  readonly margin: MeanMargin;
  readonly claim: 'harm' | 'nonInferiority';
  /** Treatment's true level over control's. */
  readonly truth: number;
}

/** A ramp through four stages with a level that changes over the day; true if the null was ever refuted. */
function refutedInARamp(random: Random, { sigma, margin, claim, truth }: Scenario): boolean {
  const process = createMeanProcess();
  const rho = rhoFor((100 * Math.exp(sigma ** 2 / 2) * 0.05) / 3, ALPHA);
  for (const [stage, share] of SHARES.entries()) {
    for (let batch = 0; batch < BATCHES_PER_STAGE; batch += 1) {
      const time = stage * BATCHES_PER_STAGE + batch;
      const level = 100 * (1 + 0.3 * Math.sin(time / 10));
      const treatment = createSums(level);
      const control = createSums(level);
      for (let unit = 0; unit < UNITS; unit += 1) {
        const value = level * Math.exp(sigma * normal(random));
        if (random.uniform() < share) addValue(treatment, truth * value);
        else addValue(control, value);
      }
      const stratum = `${stage}|${Math.floor(time / 5)}`;
      absorbMeanBatch(process, {
        stratum,
        treatment: momentsOf(treatment),
        control: momentsOf(control),
      });
      if (assessMeans(process, { claim, rho, alpha: ALPHA, margin }).refuted) return true;
    }
  }
  return false;
}

describe('looked at after every batch of a ramp', () => {
  const none: MeanMargin = { relative: 0, absolute: 0, worse: 'higher' };
  test.each([
    ['nothing changed, higher is worse', { sigma: 0.8, margin: none, claim: 'harm', truth: 1 }],
    [
      'nothing changed, very skewed, lower is worse',
      { sigma: 1.5, margin: { ...none, worse: 'lower' }, claim: 'harm', truth: 1 },
    ],
    [
      'treatment exactly at the margin, claimed to be within',
      { sigma: 0.8, margin: { ...none, relative: 0.05 }, claim: 'nonInferiority', truth: 1.05 },
    ],
  ] as const)(
    '%s: false alarms stay below alpha',
    (_name, scenario) => {
      const runs = runsOf(60);
      const alarms = countRuns(runs, (seed) => refutedInARamp(seeded(7000 + seed), scenario));
      expectAtMostAlpha(alarms, runs, ALPHA);
    },
    SIMULATION_TIMEOUT_MS,
  );

  test('a mean that is 8 % worse is found, and one that is the same is shown to be within 10 %', () => {
    const worse: Scenario = { sigma: 0.8, margin: none, claim: 'harm', truth: 1.08 };
    const within: Scenario = {
      sigma: 0.8,
      margin: { ...none, relative: 0.1 },
      claim: 'nonInferiority',
      truth: 1,
    };
    expect(countRuns(20, (seed) => refutedInARamp(seeded(seed), worse))).toBe(20);
    expect(countRuns(20, (seed) => refutedInARamp(seeded(seed), within))).toBe(20);
  });
});

test('requests of the same unit belong together: buckets of units keep alpha, requests do not', () => {
  const runs = runsOf(200);
  const rho = rhoFor(2, ALPHA);
  const options = { claim: 'harm', rho, alpha: ALPHA } as const;
  const none: MeanMargin = { relative: 0, absolute: 0, worse: 'higher' };
  let byRequest = 0;
  const byUnit = countRuns(runs, (seed) => {
    const arms = {
      treatment: unitsOf(seeded(2 * seed + 1)),
      control: unitsOf(seeded(2 * seed + 2)),
    };
    const process = createMeanProcess();
    absorbMeanBatch(process, {
      stratum: 'a',
      treatment: momentsOf(arms.treatment.requests),
      control: momentsOf(arms.control.requests),
    });
    if (assessMeans(process, { ...options, margin: none }).refuted) byRequest += 1;
    const contrast = bucketContrast(
      { treatment: arms.treatment.buckets, control: arms.control.buckets },
      none,
    );
    return judgeMeans([{ stratum: 'a', contrast }], options).refuted;
  });
  expectAtMostAlpha(byUnit, runs, ALPHA);
  expect(byRequest / runs).toBeGreaterThan(2 * ALPHA);

  /** 600 units with their own level and 1 to 40 requests each. */
  function unitsOf(random: Random) {
    const requests = createSums(100);
    const buckets = Array.from({ length: UNIT_BUCKETS }, () => ({ count: 0, sum: 0 }));
    for (let unit = 0; unit < 600; unit += 1) {
      const level = 100 + 20 * normal(random);
      const bucket = buckets[Math.floor(random.uniform() * UNIT_BUCKETS)];
      const number = 1 + Math.floor(40 * random.uniform() ** 3);
      for (let request = 0; request < number; request += 1) {
        const value = level + 10 * normal(random);
        addValue(requests, value);
        if (bucket === undefined) continue;
        bucket.count += 1;
        bucket.sum += value;
      }
    }
    return { requests, buckets };
  }
});
