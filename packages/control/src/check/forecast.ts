import {
  attemptAlpha,
  exposuresNeeded,
  exposuresToDetect,
  HARM_MIXTURE,
  type Moments,
  type Null,
  sampleVariance,
  stageWeight,
  TYPICAL_MIXTURE_FACTOR,
} from '@downhaul/judge';
import type { Guardrail, Plan, Stage } from '../plan/types.ts';
import { type Hypothesis, hypothesesOf } from '../telemetry/rollout/hypotheses.ts';
import {
  planHarmNull,
  planNonInferiorityNull,
  toleratesEverything,
} from '../telemetry/rollout/margins.ts';
import { durationText } from './duration-text.ts';
import { meanUnitsNeeded } from './forecast-mean.ts';

export interface Forecast {
  readonly stages: readonly StageForecast[];
  /** Of all stages; Infinity where one never ends by itself. */
  readonly totalMs: number;
  /** One sentence per guardrail: how much harm passes before it stops the rollout. */
  readonly stops: readonly string[];
  /** One sentence per guardrail that can stop nothing, whatever happens. */
  readonly powerless: readonly string[];
  /** Guardrails whose rate had to be assumed. */
  readonly assumed: readonly string[];
  /** Means of which every unit measured has the same value: they show nothing while that lasts. */
  readonly constant: readonly string[];
  /** Means and values that nobody has measured unit by unit: how long they take cannot be told. */
  readonly unknown: readonly string[];
}

export interface StageForecast {
  readonly stage: number;
  /** Share of all units in treatment, per million. */
  readonly sharePerMillion: number;
  /** Treatment units that a feature that changes nothing needs to be let further; 0 where none are asked. */
  readonly unitsNeeded: number;
  /** How long collecting them takes at the given traffic; Infinity without any. */
  readonly evidenceMs: number;
  readonly bakeMs: number;
  /** The longer of the two. */
  readonly expectedMs: number;
  readonly tooLong: boolean;
  readonly text: string;
}

/** Rate of bad outcomes that is assumed where nobody has measured one. */
const ASSUMED_RATE = 0.001;
const RATIOS = [2, 3, 5, 10];

/**
 * What to expect of a plan before it starts: the time of each stage at the given traffic (distinct
 * units per second) for a feature that changes nothing, and the harm that passes before each guardrail
 * stops it, from the plan's real weights. `baseline` is by metric, or `metric:p99` for a share of slow
 * units: a rate, or the moments of a mean.
 */
export function forecast(
  plan: Plan,
  unitsPerSecond: number,
  baseline: Readonly<Record<string, number | Moments>>,
): Forecast {
  const guardrails = hypothesesOf(plan).filter(
    ({ role, horizonIndex }) => role === 'guardrail' && horizonIndex === 0,
  );
  const rates = Object.fromEntries(
    Object.entries(baseline).filter(
      (entry): entry is [string, number] => typeof entry[1] === 'number',
    ),
  );
  const values = guardrails.filter(({ byRequest }) => byRequest === 'value');
  const claims = guardrails
    .filter(({ kind, byRequest }) => kind !== 'mean' && byRequest !== 'value')
    .map((hypothesis) => claimOf(hypothesis, rates));
  const means = guardrails
    .filter(({ kind }) => kind === 'mean')
    .map(({ metric, guardrail }) => ({ guardrail, known: momentsIn(baseline, metric) }));
  const stages = plan.stages.map((_, stage) =>
    forecastStage({ plan, unitsPerSecond, claims, means }, stage),
  );
  return {
    stages,
    totalMs: stages.reduce((sum, { expectedMs }) => sum + expectedMs, plan.baselineMs),
    stops: claims.map((claim) => powerlessSentence(claim) ?? stopSentence(plan, claim)),
    powerless: claims.flatMap((claim) => powerlessSentence(claim) ?? []),
    assumed: claims.filter(({ assumed }) => assumed).map(({ name }) => name),
    constant: means.flatMap(({ guardrail, known }) =>
      isConstant(known) ? [guardrail.metric] : [],
    ),
    unknown: [
      ...means.flatMap(({ guardrail, known }) => (known === undefined ? [guardrail.metric] : [])),
      ...values.map(({ metric }) => metric),
    ],
  };
}

/** A mean's figures, as far as they were measured: fewer than two units have no spread. */
function momentsIn(
  baseline: Readonly<Record<string, number | Moments>>,
  metric: string,
): Moments | undefined {
  const known = baseline[metric];
  return typeof known === 'object' && known.count > 1 ? known : undefined;
}

function isConstant(known: Moments | undefined): boolean {
  return known !== undefined && !(sampleVariance(known) > 0);
}

interface Claim {
  readonly hypothesis: Hypothesis;
  readonly name: string;
  readonly rate: number;
  readonly assumed: boolean;
}

interface Forecasting {
  readonly plan: Plan;
  readonly unitsPerSecond: number;
  readonly claims: readonly Claim[];
  readonly means: readonly { readonly guardrail: Guardrail; readonly known: Moments | undefined }[];
}

function claimOf(hypothesis: Hypothesis, rates: Readonly<Record<string, number>>): Claim {
  const name = hypothesis.id.slice(0, hypothesis.id.lastIndexOf('@'));
  if (hypothesis.kind === 'slow') {
    // About half of what lies above a quantile lies above the threshold a margin further out.
    const rate = rates[name] ?? (1 - (hypothesis.guardrail.quantile ?? 0.99)) / 2;
    return { hypothesis, name, rate, assumed: false };
  }
  const known = rates[hypothesis.metric];
  const assumption = hypothesis.kind === 'missing' ? 1 - ASSUMED_RATE : ASSUMED_RATE;
  return { hypothesis, name, rate: known ?? assumption, assumed: known === undefined };
}

function forecastStage(forecasting: Forecasting, stage: number): StageForecast {
  const { plan, unitsPerSecond, claims } = forecasting;
  const { bakeMs, minimumSample } = plan.stages[stage] as Stage;
  const sharePerMillion = largestShare(plan, stage);
  const share = sharePerMillion / 1_000_000;
  const units = Math.max(
    minimumSample,
    ...claims.map((claim) => unitsNeeded(forecasting, claim, stage)),
    ...meanUnits(forecasting, share),
  );
  const evidenceMs = units === 0 ? 0 : (units / (unitsPerSecond * share)) * 1_000;
  const expectedMs = Math.max(bakeMs, evidenceMs);
  const limitMs = Math.max(plan.whenStageTooLong.afterMs, 2 * bakeMs);
  const text = stageText({ stage, share, units, evidenceMs, bakeMs });
  return {
    ...{ stage, sharePerMillion, unitsNeeded: units, evidenceMs, bakeMs, expectedMs },
    tooLong: expectedMs > limitMs,
    text,
  };
}

/** Means of which nothing is known say nothing here: `unknown` names them. */
function meanUnits({ plan, means }: Forecasting, share: number): number[] {
  if (!(share > 0 && share < 1)) return [];
  const alpha = plan.alphaNonInferiority;
  return means.flatMap(({ guardrail, known }) =>
    known === undefined || isConstant(known)
      ? []
      : [meanUnitsNeeded({ guardrail, known, alpha, share })],
  );
}

function stageText(of: {
  readonly stage: number;
  readonly share: number;
  readonly units: number;
  readonly evidenceMs: number;
  readonly bakeMs: number;
}): string {
  const name = `Stage ${of.stage + 1} (${Number((of.share * 100).toPrecision(3))} %)`;
  const bake = durationText(of.bakeMs);
  if (of.units === 0) return `${name}: its bake of ${bake} decides.`;
  if (!Number.isFinite(of.units)) return `${name} cannot be passed: its margin allows nothing.`;
  const time = Number.isFinite(of.evidenceMs)
    ? `${durationText(of.evidenceMs)} at present traffic`
    : 'for ever without traffic';
  return `${name} needs about ${of.units} treated units: ${time}; its bake is ${bake}.`;
}

function unitsNeeded({ plan, unitsPerSecond }: Forecasting, claim: Claim, stage: number): number {
  const share = largestShare(plan, stage) / 1_000_000;
  if (!(share > 0 && share < 1)) return 0;
  const after = Math.min(stage + 1, plan.stages.length - 1);
  const exposed =
    unitsPerSecond * (plan.reactionTimeMs / 1_000) * (largestShare(plan, after) / 1_000_000);
  const units = Math.max(1, Math.ceil(exposed));
  const nonInferiority: Null =
    claim.hypothesis.kind === 'slow'
      ? slowNull(claim)
      : planNonInferiorityNull(claim.hypothesis, {
          harmBudget: plan.harmBudget,
          units,
          share: largestShare(plan, after) / 1_000_000,
          rate: claim.rate,
        });
  // A relative margin of nothing allows nothing.
  if (!(claim.rate + nonInferiority.excess > 0)) return Infinity;
  const needed = exposuresNeeded({
    baselineRate: claim.rate,
    null: nonInferiority,
    share,
    alpha: plan.alphaNonInferiority,
  });
  return Math.ceil(needed * TYPICAL_MIXTURE_FACTOR);
}

function slowNull({ hypothesis, rate }: Claim): Null {
  const above = 1 - (hypothesis.guardrail.quantile ?? 0.99);
  return { ratio: 1, excess: Math.max(above / 10, above - rate) };
}

function largestShare(plan: Plan, stage: number): number {
  const shares =
    plan.stages[stage]?.allocations.map(({ sharePerMillion }) => sharePerMillion) ?? [];
  return Math.min(Math.max(0, ...shares), 1_000_000 - plan.holdbackPerMillion);
}

/** Why a guardrail can stop nothing; undefined where it can. */
function powerlessSentence({ hypothesis, name, rate }: Claim): string | undefined {
  const usual = `${Number((rate * 100).toPrecision(3))} %`;
  if (hypothesis.kind !== 'slow' && toleratesEverything(planHarmNull(hypothesis), rate)) {
    return `${name}: from its usual ${usual} on, its margin tolerates that every unit is bad, so it can neither stop this feature nor show that it is no worse.`;
  }
  if (hypothesis.weight > 0) return undefined;
  return `${name} has a weight of 0: it is asked before each step up, and nothing that it tells can roll this feature back.`;
}

/** The smallest worsening that the margin does not tolerate, and what it costs until it is stopped. */
function stopSentence(plan: Plan, claim: Claim): string {
  const nullHypothesis =
    claim.hypothesis.kind === 'slow' ? slowNull(claim) : planHarmNull(claim.hypothesis);
  // Of a rate of nothing there is no multiple.
  if (!(claim.rate > 0)) {
    return `Nothing of ${claim.name} has been measured that could be told in multiples of its rate.`;
  }
  for (const ratio of RATIOS) {
    if (claim.rate * ratio >= 1) break;
    const units = exposuresToDetect({
      baselineRate: claim.rate,
      null: nullHypothesis,
      share: Math.min(0.5, Math.max(0.001, largestShare(plan, 0) / 1_000_000)),
      alpha: attemptAlpha(plan.alphaHarm, 1) * weightOf(claim.hypothesis, ratio),
      truthRatio: ratio,
    });
    if (!Number.isFinite(units)) continue;
    const extra = Math.max(1, Math.round(units * claim.rate * (ratio - 1)));
    return `If this feature makes ${claim.name} ${ratio} times as bad, it is stopped after about ${extra} extra bad outcomes.`;
  }
  return `The margin of ${claim.name} tolerates even ten times its rate, or the rate leaves no room to worsen.`;
}

/** Weight of the alternative next to the truth, within its hypothesis, within the first start. */
function weightOf(hypothesis: Hypothesis, ratio: number): number {
  const { multipliers, weights } = HARM_MIXTURE;
  let nearest = 0;
  multipliers.forEach((multiplier, index) => {
    const distance = Math.abs(Math.log(multiplier / ratio));
    if (distance < Math.abs(Math.log((multipliers[nearest] ?? 1) / ratio))) nearest = index;
  });
  return hypothesis.weight * stageWeight({}, 0) * (weights[nearest] ?? 1);
}
