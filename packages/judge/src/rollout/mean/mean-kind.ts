import { type ArmMoments, constantsApart, contrastOf } from '../../continuous/contrast.ts';
import { informationTime, logMeanE, rhoFor } from '../../continuous/information-time.ts';
import { type MeanMargin, requireMargin } from '../../continuous/margin.ts';
import { requirePositive } from '../../error/require-figure.ts';
import { atStage } from '../at-stage.ts';
import type { Begun, Kind } from '../kind/kind.ts';
import type { StageEntry } from '../stage-entry.ts';
import type {
  JudgeConfig,
  MeanEvidenceProcess,
  MeanFigures,
  MeanHypothesis,
  MeanState,
} from '../types.ts';
import { hasNoSpread } from './no-spread.ts';
import { meanTotals } from './mean-totals.ts';

/** Means of a value per unit, judged over their information clock (docs/judge-methods.md, «Means»). */
export const meanKind: Kind<MeanState> = {
  require: ({ mean }, field) => requireMeanFigures(`${field}.mean`, mean),
  create,
  enterStage,
  takeFigures,
  createStart: ({ standardError }, _, { alphaHarm }) => ({
    strata: {},
    rho: rhoFor(standardError, alphaHarm),
  }),
  logHarm: ({ margins }, process) => logMean(process, 'harm', (stage) => atStage(margins, stage)),
  logNonInferiority: ({ nonInferiority }) =>
    nonInferiority === null
      ? undefined
      : logMean(nonInferiority, 'nonInferiority', () => nonInferiority.margin),
  claimed: ({ nonInferiority }) =>
    nonInferiority === null
      ? {}
      : {
          margin: nonInferiority.margin,
          ...(hasNoSpread(Object.values(nonInferiority.strata)) ? { noSpread: true } : {}),
        },
  unitsAt: ({ totals }, stage) => {
    let units = 0;
    for (const key in totals) {
      if (key.startsWith(`${stage}|`)) units += totals[key]?.treatment.count ?? 0;
    }
    return units;
  },
  totals: meanTotals,
};

/** Throws `JudgeInputError` for an impossible margin or a standard error that is not above 0. */
export function requireMeanFigures(field: string, { margin, standardError }: MeanFigures): void {
  requireMargin(margin, `${field}.margin`);
  requirePositive(`${field}.standardError`, standardError);
}

function create({
  hypothesis,
  id,
  weight,
  slice,
}: Begun & { readonly hypothesis: MeanHypothesis }): MeanState {
  const { role, horizonMs, mean } = hypothesis;
  return {
    kind: 'mean',
    id,
    role,
    horizonMs,
    weight,
    slice,
    margins: { '0': mean.margin },
    standardError: mean.standardError,
    starts: [],
    nonInferiority: null,
    totals: {},
    fresh: {},
  };
}

function enterStage(own: MeanState, entry: StageEntry, config: JudgeConfig): void {
  const figures = entry.means?.[own.slice?.hypothesis ?? own.id];
  if (figures?.harm !== undefined) {
    own.margins[String(entry.stage)] = figures.harm.margin;
    own.standardError = figures.harm.standardError;
  }
  const next = figures?.nonInferiority;
  own.nonInferiority =
    next === undefined
      ? null
      : {
          strata: {},
          rho: rhoFor(next.standardError, config.alphaNonInferiority),
          margin: next.margin,
        };
}

function takeFigures(own: MeanState, parent: MeanState): void {
  Object.assign(own.margins, parent.margins);
  own.standardError = parent.standardError;
  const { nonInferiority } = parent;
  if (nonInferiority !== null) own.nonInferiority = { ...nonInferiority, strata: {} };
}

/** Each stratum is held against the margin of its stage: nulls that all hold drift nowhere together. */
function logMean(
  { strata, rho }: MeanEvidenceProcess,
  claim: 'harm' | 'nonInferiority',
  marginAt: (stage: number) => MeanMargin | undefined,
): number {
  const contrasts = [];
  for (const key in strata) {
    const arms = strata[key];
    const margin = marginAt(Number(key.slice(0, key.indexOf('|'))));
    if (arms === undefined || margin === undefined) continue;
    const contrast = contrastIn(arms, margin, claim);
    if (!('skipped' in contrast)) contrasts.push(contrast);
  }
  return contrasts.length === 0 ? 0 : logMeanE(informationTime(contrasts), { claim, rho });
}

function contrastIn(arms: ArmMoments, margin: MeanMargin, claim: 'harm' | 'nonInferiority') {
  const contrast = contrastOf(arms, margin, claim);
  const isConstant = 'skipped' in contrast && contrast.skipped === 'no_spread';
  return isConstant && claim === 'harm' ? constantsApart(arms, margin) : contrast;
}
