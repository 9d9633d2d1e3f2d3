import { requireAlpha, requireAtLeast } from '../error/require.ts';
import { requirePositive } from '../error/require-figure.ts';
import { bisect } from '../special/bisect.ts';
import { dirichletLogE } from '../srm/dirichlet-evidence.ts';

/** Events of both arms while the configured share stood still (one stage). */
export interface StageEvents {
  readonly share: number;
  readonly treatment: number;
  readonly control: number;
}

/** Units worth of belief that events split as configured. */
const PRIOR_EVENTS = 100;

/**
 * Log evidence that events do not split as units do, in either direction: the product over stages of
 * ln B(k share + n) - ln B(k share) - sum n_i ln share_i. Each stage has its own share; one share for all of
 * them finds a difference in every ramp. Source: Lindon and Malek 2022, sections 3 and 4.
 */
export function twoSidedLogE(stages: readonly StageEvents[], priorEvents = PRIOR_EVENTS): number {
  requirePositive('priorEvents', priorEvents);
  return stages.reduce((total, stage) => total + stageLogE(stage, 0, priorEvents), 0);
}

/** Log of the ratio of the arms' rates, with a confidence sequence. Infinite where nothing is excluded. */
export interface LogRateRatio {
  readonly estimate: number | null;
  readonly lower: number;
  readonly upper: number;
}

/**
 * ln(rate_T / rate_C), for display: every ratio that twoSidedLogE, taken against that ratio, does not refute
 * at level alpha. Right at every look at once. The estimate is of the stages together, weighted by events.
 */
export function logRateRatio(
  stages: readonly StageEvents[],
  options: { readonly alpha: number; readonly priorEvents?: number },
): LogRateRatio {
  requireAlpha('alpha', options.alpha);
  const prior = options.priorEvents ?? PRIOR_EVENTS;
  const limit = -Math.log(options.alpha);
  const excess = (logRatio: number) =>
    stages.reduce((total, stage) => total + stageLogE(stage, logRatio, prior), 0) - limit;
  const estimate = estimateOf(stages);
  const centre = estimate ?? 0;
  if (excess(centre) >= 0) return { estimate, lower: centre, upper: centre };
  const end = (direction: 1 | -1) => {
    let far = 1;
    while (far < 512 && excess(centre + direction * far) < 0) far *= 2;
    if (far >= 512) return direction * Infinity;
    return bisect(excess, { low: centre, high: centre + direction * far });
  };
  return { estimate, lower: end(-1), upper: end(1) };
}

/** Evidence of one stage against a log ratio: the share of events shifts to share e^r / (1 - share + share e^r). */
function stageLogE(stage: StageEvents, logRatio: number, priorEvents: number): number {
  const { share, treatment, control } = stage;
  requirePositive('share', share);
  requirePositive('1 - share', 1 - share);
  requireAtLeast('treatment', treatment, 0);
  requireAtLeast('control', control, 0);
  const prior = [priorEvents * share, priorEvents * (1 - share)];
  const atConfigured = dirichletLogE({
    counts: [treatment, control],
    shares: [share, 1 - share],
    prior,
  });
  // ln of the likelihood of the configured shares over that of the shifted ones.
  const normalizer = logShiftedTotal(share, logRatio);
  return atConfigured - treatment * (logRatio - normalizer) + control * normalizer;
}

/** ln(1 - share + share e^r), without overflow. */
function logShiftedTotal(share: number, logRatio: number): number {
  if (logRatio <= 0) return Math.log1p(share * Math.expm1(logRatio));
  return logRatio + Math.log1p((1 - share) * Math.expm1(-logRatio));
}

/** The ratio at which the stages' expected events in treatment add up to those seen. */
function estimateOf(stages: readonly StageEvents[]): number | null {
  const treatment = stages.reduce((total, stage) => total + stage.treatment, 0);
  const control = stages.reduce((total, stage) => total + stage.control, 0);
  if (treatment === 0 || control === 0) return null;
  const surplus = (logRatio: number) =>
    stages.reduce((total, { share, treatment: seen, control: others }) => {
      const odds = Math.log(share / (1 - share)) + logRatio;
      return total + seen - (seen + others) / (1 + Math.exp(-odds));
    }, 0);
  return bisect(surplus, { low: -64, high: 64 });
}
