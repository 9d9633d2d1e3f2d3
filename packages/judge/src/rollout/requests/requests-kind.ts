import type { Null } from '../../betting/bet.ts';
import { rhoFor } from '../../continuous/information-time.ts';
import { createBatchMeans } from '../../counts/batch-means.ts';
import { createDispersion } from '../../counts/overdispersion.ts';
import { rateEvidence } from '../../counts/rate-evidence.ts';
import { createRateProcess, type RateProcess } from '../../counts/rate-process.ts';
import { requirePositive } from '../../error/require-figure.ts';
import { requireAtLeast } from '../../error/require.ts';
import { atStage } from '../at-stage.ts';
import type { Begun, Kind } from '../kind/kind.ts';
import { sumAt } from '../quad-totals.ts';
import type { StageEntry } from '../stage-entry.ts';
import type { JudgeConfig, RequestsHypothesis, RequestsProcess, RequestsState } from '../types.ts';
import { requestsTotals } from './requests-totals.ts';

/** Events per exposure, by request (docs/judge-methods.md, «Counts and rates»). */
export const requestsKind: Kind<RequestsState> = {
  require: requireFigures,
  create,
  enterStage,
  takeFigures,
  createStart: (own, stage, config) =>
    createEvidence(
      { baselineRate: own.baselineRate, claim: 'harm', null: rateNullAt(own, stage) },
      config,
    ),
  logHarm: logRate,
  logNonInferiority: (own) =>
    own.nonInferiority === null ? undefined : logRate(own, own.nonInferiority),
  claimed: ({ nonInferiority }) => ({
    ...(nonInferiority === null ? {} : { null: nonInferiority.rate.null }),
    approximate: true,
  }),
  unitsAt: ({ totals }, stage) => sumAt(totals, stage),
  totals: requestsTotals,
};

/** A null of rates: unlike that of shares, its excess may be of any size. */
export function requireRateNull(field: string, { ratio, excess }: Null): void {
  requirePositive(`${field}.ratio`, ratio);
  requireAtLeast(`${field}.excess`, excess, 0);
}

function rateNullAt({ harmNulls }: RequestsState, stage: number): Null {
  return atStage(harmNulls, stage) ?? { ratio: 1, excess: 0 };
}

function requireFigures(hypothesis: RequestsHypothesis, field: string): void {
  requireRateNull(`${field}.harmNull`, hypothesis.harmNull);
  requireAtLeast(`${field}.baselineRate`, hypothesis.baselineRate, 0);
}

function create({
  hypothesis,
  id,
  weight,
  slice,
}: Begun & { readonly hypothesis: RequestsHypothesis }): RequestsState {
  const { role, horizonMs, harmNull, baselineRate, values = false } = hypothesis;
  return {
    kind: 'requests',
    id,
    role,
    horizonMs,
    weight,
    slice,
    values,
    harmNulls: { '0': harmNull },
    baselineRate,
    dispersion: createDispersion(),
    starts: [],
    nonInferiority: null,
    totals: {},
    ratios: {},
  };
}

function enterStage(own: RequestsState, entry: StageEntry, config: JudgeConfig): void {
  const id = own.slice?.hypothesis ?? own.id;
  own.baselineRate = entry.baselineRates?.[id] ?? own.baselineRate;
  const harmNull = entry.harmNull?.[id];
  if (harmNull !== undefined) own.harmNulls[String(entry.stage)] = harmNull;
  const margin = entry.nonInferiority[id];
  own.nonInferiority =
    margin === undefined
      ? null
      : createEvidence(
          { baselineRate: own.baselineRate, claim: 'nonInferiority', null: margin },
          config,
        );
}

function takeFigures(own: RequestsState, parent: RequestsState, config: JudgeConfig): void {
  Object.assign(own.harmNulls, parent.harmNulls);
  own.baselineRate = parent.baselineRate;
  const margin = parent.nonInferiority?.rate.null;
  if (margin === undefined) return;
  own.nonInferiority = createEvidence(
    { baselineRate: own.baselineRate, claim: 'nonInferiority', null: margin },
    config,
  );
}

/** A rate that nothing is known of is taken for rare: it only steers bets, never their validity. */
const UNKNOWN_RATE = 1e-4;

/** The smallest difference worth telling apart, as a share of the rate, where the margin is smaller still. */
const LEAST_DIFFERENCE = 0.1;

function createEvidence(
  { claim, null: nullRate, baselineRate: known }: Omit<RateProcess, 'control' | 'logCells'>,
  { alphaHarm, alphaNonInferiority }: JudgeConfig,
): RequestsProcess {
  const baselineRate = known > 0 ? known : UNKNOWN_RATE;
  const margin = Math.abs(nullRate.ratio - 1) * baselineRate + nullRate.excess;
  const sharpestAt = Math.max(margin, LEAST_DIFFERENCE * baselineRate) / 3;
  return {
    rate: createRateProcess({ claim, null: nullRate, baselineRate }),
    batchMeans: createBatchMeans(),
    rho: rhoFor(sharpestAt, claim === 'harm' ? alphaHarm : alphaNonInferiority),
  };
}

function logRate(own: RequestsState, process: RequestsProcess): number {
  const { rate, batchMeans, rho } = process;
  const dispersion = own.values ? { ...own.dispersion, clustered: true } : own.dispersion;
  // The alpha only makes a limit, which is not used here.
  return rateEvidence({ process: rate, batchMeans, dispersion }, { alpha: 0.5, rho }).logE;
}
