import type { Null } from '../../betting/bet.ts';
import { HARM_MIXTURE, STEP_UP_MIXTURE } from '../../betting/mixtures.ts';
import { createProcess, logE } from '../../betting/process.ts';
import type { Mixture } from '../../betting/types.ts';
import { requireNull, requireShare } from '../../error/require.ts';
import { logSumExp } from '../../special/log-sum-exp.ts';
import { atStage } from '../at-stage.ts';
import type { Begun, Kind } from '../kind/kind.ts';
import { sumAt } from '../quad-totals.ts';
import type { StageEntry } from '../stage-entry.ts';
import type { JudgeConfig, ShareHypothesis, ShareProcess, ShareState } from '../types.ts';
import { createFrequent, isFrequent, logFrequent } from './frequent.ts';
import { shareTotals } from './share-totals.ts';

/** Shares of units with a bad outcome, judged by the bet of docs/judge.md. */
export const shareKind: Kind<ShareState> = {
  require: requireFigures,
  create,
  enterStage,
  takeFigures,
  createStart: (own, stage, { alphaHarm }) =>
    createShare(own, { null: harmNullAt(own, stage), mixture: HARM_MIXTURE, alpha: alphaHarm }),
  logHarm,
  harmCeiling,
  logNonInferiority,
  claimed: ({ nonInferiority }) => (nonInferiority === null ? {} : { null: nonInferiority.null }),
  unitsAt: ({ totals }, stage) => sumAt(totals, stage),
  totals: shareTotals,
};

/** The harm null of a stage. */
export function harmNullAt({ harmNulls }: Pick<ShareState, 'harmNulls'>, stage: number): Null {
  return atStage(harmNulls, stage) ?? { ratio: 1, excess: 0 };
}

function requireFigures(hypothesis: ShareHypothesis, field: string): void {
  requireNull(`${field}.harmNull`, hypothesis.harmNull);
  requireShare(`${field}.baselineRate`, hypothesis.baselineRate);
}

function create({
  hypothesis,
  id,
  weight,
  slice,
}: Begun & { readonly hypothesis: ShareHypothesis }): ShareState {
  const { role, horizonMs, harmNull, baselineRate, frequent = false } = hypothesis;
  return {
    kind: 'share',
    id,
    role,
    horizonMs,
    weight,
    slice,
    frequent,
    harmNulls: { '0': harmNull },
    baselineRate,
    starts: [],
    nonInferiority: null,
    totals: {},
    ratios: {},
  };
}

function enterStage(own: ShareState, entry: StageEntry, config: JudgeConfig): void {
  const id = own.slice?.hypothesis ?? own.id;
  own.baselineRate = entry.baselineRates?.[id] ?? own.baselineRate;
  const harmNull = entry.harmNull?.[id];
  if (harmNull !== undefined) own.harmNulls[String(entry.stage)] = harmNull;
  const margin = entry.nonInferiority[id];
  own.nonInferiority = margin === undefined ? null : createNonInferiority(own, margin, config);
}

function takeFigures(own: ShareState, parent: ShareState, config: JudgeConfig): void {
  Object.assign(own.harmNulls, parent.harmNulls);
  own.baselineRate = parent.baselineRate;
  const margin = parent.nonInferiority?.null;
  if (margin !== undefined) own.nonInferiority = createNonInferiority(own, margin, config);
}

function createNonInferiority(own: ShareState, margin: Null, config: JudgeConfig): ShareProcess {
  const alpha = config.alphaNonInferiority;
  return createShare(own, { null: margin, mixture: STEP_UP_MIXTURE, alpha });
}

function createShare(
  { frequent, baselineRate }: ShareState,
  { null: claimed, mixture, alpha }: { null: Null; mixture: Mixture; alpha: number },
): ShareProcess {
  const bet = createProcess(claimed, baselineRate, mixture);
  if (!frequent || !isFrequent(baselineRate)) return bet;
  return { ...bet, frequent: createFrequent(claimed, baselineRate, alpha) };
}

function logHarm(own: ShareState, process: ShareProcess): number {
  const bet = logE(process, HARM_MIXTURE);
  if (process.frequent === undefined) return bet;
  return half(
    bet,
    logFrequent(process.frequent, 'harm', (stage) => harmNullAt(own, stage)),
  );
}

/** A mixture whose weights sum to 1 is at most its largest cell, and an average at most its larger half. */
function harmCeiling(own: ShareState, process: ShareProcess): number {
  let largest = -Infinity;
  for (const cell of process.logCells) if (!(cell <= largest)) largest = cell;
  if (process.frequent === undefined) return largest;
  return Math.max(
    largest,
    logFrequent(process.frequent, 'harm', (stage) => harmNullAt(own, stage)),
  );
}

function logNonInferiority({ nonInferiority }: ShareState): number | undefined {
  if (nonInferiority === null) return undefined;
  const { frequent, null: claimed } = nonInferiority;
  const bet = logE(nonInferiority, STEP_UP_MIXTURE);
  if (frequent === undefined) return bet;
  return half(
    bet,
    logFrequent(frequent, 'nonInferiority', () => claimed),
  );
}

/** Half of the capital in each: fixed before the data, so the average is as good as its parts. */
function half(one: number, other: number): number {
  return logSumExp([one, other]) - Math.LN2;
}
