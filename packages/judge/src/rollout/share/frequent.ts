import type { Null } from '../../betting/bet.ts';
import type { BatchCounts } from '../../betting/types.ts';
import { contrastVariance, LEAST_UNITS } from '../../continuous/contrast.ts';
import { logMeanE, rhoFor } from '../../continuous/information-time.ts';
import { addQuad } from '../quad-totals.ts';
import type { FrequentProcess, Quad } from '../types.ts';

/** Between this share and 1 less it the bet gives away so much that a mean of zeros and ones is faster. */
const LEAST_RATE = 0.05;

/** The smallest difference worth telling apart, as a part of the rarer side, where the margin is smaller. */
const LEAST_DIFFERENCE = 0.02;

/** Whether a historical rate, known before the data, is frequent on both sides. */
export function isFrequent(baselineRate: number): boolean {
  return baselineRate >= LEAST_RATE && baselineRate <= 1 - LEAST_RATE;
}

/** No counts yet; sharpest where a third of the margin is the standard error. */
export function createFrequent(
  { ratio, excess }: Null,
  baselineRate: number,
  alpha: number,
): FrequentProcess {
  const margin = Math.abs((ratio - 1) * baselineRate + excess);
  const least = LEAST_DIFFERENCE * Math.min(baselineRate, 1 - baselineRate);
  return { rho: rhoFor(Math.max(margin, least) / 3, alpha), strata: {} };
}

/** Adds a batch; one with an empty arm compares nothing. */
export function addToFrequent(
  { strata }: FrequentProcess,
  key: string,
  { treatment, control }: BatchCounts,
): void {
  if (treatment.units === 0 || control.units === 0) return;
  addQuad(strata, key, [treatment.units, treatment.bad, control.units, control.bad]);
}

/**
 * Evidence from the difference of two frequent shares, stratum by stratum, on the information clock of
 * means; 0 before a stratum has enough units. Each stratum is held against the null of its stage.
 */
export function logFrequent(
  { rho, strata }: FrequentProcess,
  claim: 'harm' | 'nonInferiority',
  nullAt: (stage: number) => Null,
): number {
  let score = 0;
  let information = 0;
  for (const key in strata) {
    const counts = strata[key];
    if (counts === undefined || Math.min(counts[0], counts[2]) < LEAST_UNITS) continue;
    const { ratio, excess } = nullAt(Number(key.slice(0, key.indexOf('|'))));
    const variance = varianceOf(counts, ratio);
    if (!(variance > 0)) continue;
    score += (counts[1] / counts[0] - (ratio * counts[3]) / counts[2] - excess) / variance;
    information += 1 / variance;
  }
  return information === 0 ? 0 : logMeanE({ score, information }, { claim, rho });
}

function varianceOf([nT, xT, nC, xC]: Readonly<Quad>, ratio: number): number {
  const spread = (units: number, bad: number) => (bad / units) * (1 - bad / units);
  return contrastVariance(
    { count: nT, variance: spread(nT, xT) },
    { count: nC, variance: spread(nC, xC) },
    ratio,
  );
}
