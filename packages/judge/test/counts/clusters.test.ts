import { describe, expect, test } from 'vitest';
import {
  absorbBatchRates,
  assessBatchMeans,
  createBatchMeans,
} from '../../src/counts/batch-means.ts';
import { cappedOutcome } from '../../src/counts/capped-outcome.ts';
import {
  absorbDispersion,
  createDispersion,
  overdispersion,
} from '../../src/counts/overdispersion.ts';
import { rateEvidence } from '../../src/counts/rate-evidence.ts';
import { absorbEvents, createRateProcess, rateLogE } from '../../src/counts/rate-process.ts';
import { rhoFor } from '../../src/continuous/information-time.ts';
import { type Random, seeded } from '../support/random.ts';
import { countRuns, expectAtMostAlpha, runsOf, SIMULATION_TIMEOUT_MS } from '../support/rates.ts';

const ALPHA = 0.05;
const RATE = 0.002;
const LIMIT = Math.log(1 / ALPHA);

interface Scenario {
  readonly claim: 'harm' | 'nonInferiority';
  readonly ratio: number;
  readonly truth: number;
  /** Events of one cluster, on average. */
  readonly cluster: number;
}

/** Six hours of minutes through four shares, over a level that changes; which forms refuted their null. */
function ramp(random: Random, { claim, ratio, truth, cluster }: Scenario) {
  const process = createRateProcess({ claim, null: { ratio, excess: 0 }, baselineRate: RATE });
  const batchMeans = createBatchMeans();
  const dispersion = createDispersion();
  for (let minute = 0; minute < 60; minute += 1) {
    absorbDispersion(dispersion, { exposure: 2000, events: events(random, 2000 * RATE, cluster) });
  }
  const refuted = { poisson: false, batchMeans: false, chosen: false };
  const options = { claim, alpha: ALPHA, rho: rhoFor((RATE * 0.2) / 3, ALPHA) };
  for (let minute = 0; minute < 360; minute += 1) {
    const share = [0.01, 0.05, 0.25, 0.5][Math.floor(minute / 90)] ?? 0.5;
    const exposure = 2000 * (1 + 0.5 * Math.sin(minute / 60));
    const rate = RATE * (1 + 0.5 * Math.cos(minute / 80));
    const arm = (part: number, times: number) => ({
      exposure: exposure * part,
      events: events(random, exposure * part * rate * times, cluster),
    });
    const batch = { treatment: arm(share, truth), control: arm(1 - share, 1) };
    absorbEvents(process, batch);
    absorbBatchRates(batchMeans, { ...batch, stratum: String(share) });
    absorbDispersion(dispersion, batch.control);
    refuted.poisson ||= rateLogE(process) >= LIMIT;
    refuted.batchMeans ||= assessBatchMeans(batchMeans, { ...options, null: process.null }).refuted;
    refuted.chosen ||= rateEvidence({ process, batchMeans, dispersion }, options).refuted;
  }
  return { ...refuted, clustered: dispersion.clustered, dispersion: overdispersion(dispersion) };
}

/** Clusters arrive one by one; each has 1 + a geometric number of events. */
function events(random: Random, mean: number, cluster: number): number {
  let total = 0;
  for (let left = random.poisson(mean / cluster); left > 0; left -= 1) {
    total += 1;
    if (cluster === 1) continue;
    total += Math.floor(Math.log(1 - random.uniform()) / Math.log(1 - 1 / cluster));
  }
  return total;
}

describe('events that come one by one', () => {
  test(
    'the exact form keeps alpha and nobody calls them clustered',
    () => {
      const runs = runsOf(40);
      const results = Array.from({ length: runs }, (_, seed) =>
        ramp(seeded(300 + seed), { claim: 'harm', ratio: 1, truth: 1, cluster: 1 }),
      );
      expectAtMostAlpha(results.filter((each) => each.poisson).length, runs, ALPHA);
      expectAtMostAlpha(results.filter((each) => each.batchMeans).length, runs, ALPHA);
      expect(results.filter((each) => each.clustered)).toEqual([]);
    },
    SIMULATION_TIMEOUT_MS,
  );

  test('twice as many are found by both forms', () => {
    const scenario: Scenario = { claim: 'harm', ratio: 1, truth: 2, cluster: 1 };
    for (let seed = 0; seed < 5; seed += 1) {
      expect(ramp(seeded(seed), scenario)).toMatchObject({ poisson: true, batchMeans: true });
    }
  });
});

describe.each([
  ['harm', 1, 1],
  ['nonInferiority', 1.2, 1.2],
] as const)('events in clusters of four, %s', (claim, ratio, truth) => {
  test(
    'they are found out, the exact form would break alpha, the chosen one keeps it',
    () => {
      const runs = runsOf(40);
      const results = Array.from({ length: runs }, (_, seed) =>
        ramp(seeded(500 + seed), { claim, ratio, truth, cluster: 4 }),
      );
      expect(results.filter((each) => !each.clustered)).toEqual([]);
      expect(results.filter((each) => each.poisson).length / runs).toBeGreaterThan(0.2);
      expectAtMostAlpha(results.filter((each) => each.chosen).length, runs, ALPHA);
    },
    SIMULATION_TIMEOUT_MS,
  );
});

test('capped outcomes of units keep alpha where their events come in bursts', () => {
  const runs = runsOf(60);
  const alarms = countRuns(runs, (seed) => {
    const random = seeded(900 + seed);
    const process = createRateProcess({
      claim: 'harm',
      null: { ratio: 1, excess: 0 },
      baselineRate: 0.01,
    });
    const bursts = (units: number) => {
      let sum = 0;
      for (let failing = random.binomial(units, 0.02); failing > 0; failing -= 1) {
        sum += cappedOutcome(1 + random.poisson(6), 5);
      }
      return { exposure: units, events: sum };
    };
    for (let minute = 0; minute < 200; minute += 1) {
      absorbEvents(process, { treatment: bursts(100), control: bursts(900) });
      if (rateLogE(process) >= LIMIT) return true;
    }
    return false;
  });
  expectAtMostAlpha(alarms, runs, ALPHA);
});

test('an incident in both arms is no cluster', () => {
  const random = seeded(4);
  const dispersion = createDispersion();
  for (let minute = 0; minute < 300; minute += 1) {
    const rate = minute % 100 > 90 ? 5 * RATE : RATE;
    absorbDispersion(dispersion, { exposure: 5000, events: random.poisson(5000 * rate) });
  }
  expect(dispersion.clustered).toBe(false);
});
