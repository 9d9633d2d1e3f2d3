import type { ArmCounts } from '../betting/types.ts';
import type { EProcess } from '../betting/process.ts';
import type { Null } from '../betting/bet.ts';
import type { RatioCounts } from './ratio-counts.ts';

/** One guardrail, signal or success criterion at one horizon. */
export interface Hypothesis {
  /** For instance `http.error_rate@60000`. */
  readonly id: string;
  readonly metric: string;
  readonly horizonMs: number;
  readonly role: 'guardrail' | 'signal' | 'success';
  /** Share of the harm alpha. Guardrails' weights sum to 1; signals' weights sum to 1 apart. */
  readonly weight: number;
  /** HARM: p_T <= ratio * p_C + excess; rejecting it is harm. */
  readonly harmNull: Null;
  /** Historical rate of bad outcomes, p0. */
  readonly baselineRate: number;
}

export interface JudgeConfig {
  /** For all guardrails together, over the whole rollout. */
  readonly alphaHarm: number;
  /** Per guardrail. */
  readonly alphaNonInferiority: number;
  readonly alphaSrm: number;
  readonly hypotheses: readonly Hypothesis[];
  /** Weight of evidence counted from the start of stage 0, 1, …; sums to at most 1. */
  readonly startWeights: readonly number[];
  /** True where long stages get later starts (`addStart`), which share their stage's weight. */
  readonly laterStarts: boolean;
}

/** All that the judge of one rollout remembers: plain data. */
export interface JudgeState {
  readonly config: JudgeConfig;
  stage: number;
  /** One per hypothesis, in the order of the configuration. */
  readonly hypotheses: HypothesisState[];
  /** First assignments by `stage|stratum|share`. */
  readonly assignments: Record<string, AssignmentCounts>;
}

export interface HypothesisState {
  readonly id: string;
  /** The harm null by stage; a stage that set none keeps the one before. */
  readonly harmNulls: Record<string, Null>;
  baselineRate: number;
  readonly starts: HarmStart[];
  nonInferiority: EProcess | null;
  /** Counts [n_T, x_T, n_C, x_C] by `stage|stratum`. */
  readonly totals: Record<string, [number, number, number, number]>;
  /** What bounds of the risk ratio need, by stage; `-1` for all stages together. */
  readonly ratios: Record<string, RatioCounts>;
}

/** Evidence counted from one moment on. */
export interface HarmStart {
  readonly stage: number;
  readonly weight: number;
  readonly process: EProcess;
}

export interface AssignmentCounts {
  readonly stage: number;
  readonly stratum: string;
  readonly share: number;
  treatment: number;
  control: number;
}

export interface Assessment {
  readonly harm: HarmAssessment;
  /** The same over signals: harmful pauses. */
  readonly signals: HarmAssessment;
  /** Guardrails at the present stage, against the margin of the next. */
  readonly nonInferiority: readonly NonInferiorityAssessment[];
  /** There are guardrails, and every one passed at the present stage. */
  readonly safe: boolean;
  readonly srm: SrmAssessment;
  /** Per hypothesis and stage; stage -1 stands for all stages together. */
  readonly totals: readonly TotalsAssessment[];
}

export interface HarmAssessment {
  /** ln of the sum of w_k E_k, of the horizon where it is largest. */
  readonly logE: number;
  /** ln(1 / alpha). */
  readonly limit: number;
  readonly harmful: boolean;
  readonly attribution: readonly HypothesisEvidence[];
}

export interface HypothesisEvidence {
  readonly hypothesis: string;
  readonly logE: number;
  /** ln(1 / (alpha * weight)): above it this hypothesis alone would suffice. */
  readonly limit: number;
}

export interface NonInferiorityAssessment {
  readonly hypothesis: string;
  readonly logE: number;
  readonly limit: number;
  readonly passed: boolean;
  readonly null: Null;
  /** Treatment units absorbed at this stage. */
  readonly units: number;
}

export interface SrmAssessment {
  readonly logE: number;
  readonly limit: number;
  readonly alarm: boolean;
  /**
   * Share that is missing of the treatment units which control's number leads to expect: 0.08 when every
   * twelfth is lost. Negative where control is short; -1 stands for anything beyond.
   */
  readonly treatmentDeficit: number;
}

export interface TotalsAssessment {
  readonly hypothesis: string;
  readonly stage: number;
  readonly treatment: ArmCounts;
  readonly control: ArmCounts;
  /** Bad outcomes in treatment beyond what control's rate leads to expect. */
  readonly excessBad: number;
  /** Ratio of the rates with a confidence sequence valid at every look (99 %). */
  readonly ratio: {
    readonly estimate: number | null;
    readonly lower: number;
    readonly upper: number;
  };
}
