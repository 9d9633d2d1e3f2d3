import type { ArmCounts } from '../betting/types.ts';
import type { Null } from '../betting/bet.ts';
import type { MeanInterval } from '../continuous/interval.ts';
import type { MeanMargin } from '../continuous/margin.ts';
import type { ArmEvents } from '../counts/rate-process.ts';
import type { SliceOf } from './types.ts';

/** What decisions rest on. What people look at beside it is `assessTotals`. */
export interface Assessment {
  readonly harm: HarmAssessment;
  /** The same over signals: harmful pauses. */
  readonly signals: HarmAssessment;
  /** Guardrails at the present stage, against the margin of the next; then slices that are demanded. */
  readonly nonInferiority: readonly NonInferiorityAssessment[];
  /** There are guardrails, and every one passed at the present stage, demanded slices included. */
  readonly safe: boolean;
  readonly srm: SrmAssessment;
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
  /**
   * ln e of the present stage's own starts alone, whatever earlier stages showed: how the evidence leans
   * now. No alpha belongs to it, and harm is not decided by it.
   */
  readonly sinceStage: number;
  /** ln(1 / (alpha * weight)): above it this hypothesis alone would suffice. */
  readonly limit: number;
  /** Present where the hypothesis is of one slice. */
  readonly slice?: SliceOf;
  /** By request: distinct units are not known. */
  readonly approximate?: true;
}

export interface NonInferiorityAssessment {
  readonly hypothesis: string;
  readonly logE: number;
  readonly limit: number;
  readonly passed: boolean;
  /** Of shares and requests. */
  readonly null?: Null;
  /** Of means. */
  readonly margin?: MeanMargin;
  /** Of means: every unit of an arm has the same value, so the stage gives no evidence of health. */
  readonly noSpread?: true;
  /** Treatment units (of requests: exposure) absorbed at this stage. */
  readonly units: number;
  readonly slice?: SliceOf;
  readonly approximate?: true;
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

interface TotalsCommon {
  readonly hypothesis: string;
  /** -1 stands for all stages together. */
  readonly stage: number;
  readonly slice?: SliceOf;
}

/** Counts and risk ratio of a share. */
export interface ShareTotals extends TotalsCommon {
  readonly kind: 'share';
  readonly treatment: ArmCounts;
  readonly control: ArmCounts;
  /** Bad outcomes in treatment beyond what control's rate leads to expect. */
  readonly excessBad: number;
  /** Ratio of the rates with a confidence sequence valid at every look (99 %). */
  readonly ratio: RatioAssessment;
}

export interface RatioAssessment {
  readonly estimate: number | null;
  readonly lower: number;
  readonly upper: number;
}

/** Units and mean of one arm. */
export interface ArmMean {
  readonly units: number;
  readonly mean: number;
}

export interface MeanTotals extends TotalsCommon {
  readonly kind: 'mean';
  readonly worse: MeanMargin['worse'];
  readonly treatment: ArmMean;
  readonly control: ArmMean;
  /** m_T - m_C over strata, with 99 % bounds valid at every look; null before a stratum has enough units. */
  readonly difference: MeanInterval | null;
  /** m_T / m_C likewise; null also while control's mean is not surely above 0. */
  readonly ratio: MeanInterval | null;
  /** Every unit of an arm has the same value: there is nothing to tell a difference by. */
  readonly noSpread?: true;
}

export interface RequestsTotals extends TotalsCommon {
  readonly kind: 'requests';
  readonly approximate: true;
  readonly treatment: ArmEvents;
  readonly control: ArmEvents;
  readonly excessEvents: number;
  readonly ratio: RatioAssessment;
  /** Events were shown to come in clusters: only the spread between batches is believed, and no bounds. */
  readonly clustered: boolean;
  /** One figure per batch instead of counts: `events / exposure` is their average. */
  readonly values: boolean;
}

export type TotalsAssessment = ShareTotals | MeanTotals | RequestsTotals;
