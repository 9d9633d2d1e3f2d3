import type { Null } from '../../betting/bet.ts';
import { HARM_MIXTURE, NON_INFERIORITY_MIXTURE } from '../../betting/mixtures.ts';
import { createProcess, type EProcess, logE } from '../../betting/process.ts';
import { requireNull, requireShare } from '../../error/require.ts';
import { atStage } from '../at-stage.ts';
import type { Begun, Kind } from '../kind/kind.ts';
import { sumAt } from '../quad-totals.ts';
import type { StageEntry } from '../stage-entry.ts';
import type { ShareHypothesis, ShareState } from '../types.ts';
import { shareTotals } from './share-totals.ts';

/** Shares of units with a bad outcome, judged by the bet of docs/judge.md. */
export const shareKind: Kind<ShareState> = {
  require: requireFigures,
  create,
  enterStage,
  takeFigures,
  createStart: (own, stage) =>
    createProcess(harmNullAt(own, stage), own.baselineRate, HARM_MIXTURE),
  logHarm: (_, process: EProcess) => logE(process, HARM_MIXTURE),
  logNonInferiority: ({ nonInferiority }) =>
    nonInferiority === null ? undefined : logE(nonInferiority, NON_INFERIORITY_MIXTURE),
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
  const { role, horizonMs, harmNull, baselineRate } = hypothesis;
  return {
    kind: 'share',
    id,
    role,
    horizonMs,
    weight,
    slice,
    harmNulls: { '0': harmNull },
    baselineRate,
    starts: [],
    nonInferiority: null,
    totals: {},
    ratios: {},
  };
}

function enterStage(own: ShareState, entry: StageEntry): void {
  const id = own.slice?.hypothesis ?? own.id;
  own.baselineRate = entry.baselineRates?.[id] ?? own.baselineRate;
  const harmNull = entry.harmNull?.[id];
  if (harmNull !== undefined) own.harmNulls[String(entry.stage)] = harmNull;
  const margin = entry.nonInferiority[id];
  own.nonInferiority =
    margin === undefined ? null : createProcess(margin, own.baselineRate, NON_INFERIORITY_MIXTURE);
}

function takeFigures(own: ShareState, parent: ShareState): void {
  Object.assign(own.harmNulls, parent.harmNulls);
  own.baselineRate = parent.baselineRate;
  const { nonInferiority } = parent;
  if (nonInferiority === null) return;
  own.nonInferiority = createProcess(
    nonInferiority.null,
    own.baselineRate,
    NON_INFERIORITY_MIXTURE,
  );
}
