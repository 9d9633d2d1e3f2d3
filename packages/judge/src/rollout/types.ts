import type { ArmMoments } from '../continuous/contrast.ts';
import type { MeanMargin } from '../continuous/margin.ts';
import type { MeanProcess } from '../continuous/process.ts';
import type { BatchMeanProcess } from '../counts/batch-means.ts';
import type { DispersionState } from '../counts/overdispersion.ts';
import type { RateProcess } from '../counts/rate-process.ts';
import type { EProcess } from '../betting/process.ts';
import type { Null } from '../betting/bet.ts';
import type { RatioCounts } from './ratio-counts.ts';

interface HypothesisCommon {
  /** For instance `http.error_rate@60000`. */
  readonly id: string;
  readonly metric: string;
  readonly horizonMs: number;
  readonly role: 'guardrail' | 'signal' | 'success';
  /** Share of the harm alpha. Guardrails' weights sum to 1; signals' weights sum to 1 apart. */
  readonly weight: number;
}

/** The share of units with a bad outcome, fed by `absorb`: exact, however rare. */
export interface ShareHypothesis extends HypothesisCommon {
  readonly kind?: 'share';
  /** HARM: p_T <= ratio * p_C + excess; rejecting it is harm. */
  readonly harmNull: Null;
  /** Historical rate of bad outcomes, p0. */
  readonly baselineRate: number;
  /**
   * True: where the historical rate of a stage is frequent (5 to 95 %), half of every start's capital
   * judges the share as a mean, which finds differences up to twice as fast as the bet. That half holds
   * for many units only (docs/judge-methods.md).
   */
  readonly frequent?: boolean;
}

/** The mean of a value per unit, fed by `absorbMeans`: for many units per stratum. */
export interface MeanHypothesis extends HypothesisCommon {
  readonly kind: 'mean';
  readonly mean: MeanFigures;
}

/** Events per exposure where units are not known, fed by `absorbRequests`: approximate, by request. */
export interface RequestsHypothesis extends HypothesisCommon {
  readonly kind: 'requests';
  /** HARM: rate_T <= ratio * rate_C + excess, in events per exposure. */
  readonly harmNull: Null;
  /** Historical rate in events per exposure; it steers the bets only. 0 where it is not known. */
  readonly baselineRate: number;
  /**
   * True where `events` is no count but one figure per batch, such as a mean that a source gives, with an
   * exposure of 1: only its spread between batches is believed.
   */
  readonly values?: boolean;
}

/** One guardrail, signal or success criterion at one horizon. */
export type Hypothesis = ShareHypothesis | MeanHypothesis | RequestsHypothesis;

/** How much worse a mean may get, and how finely it should be told. */
export interface MeanFigures {
  readonly margin: MeanMargin;
  /**
   * The standard error of the difference at which the evidence is sharpest, in the metric's unit. A third
   * of the margin is a good choice. Fixed before the data that it judges.
   */
  readonly standardError: number;
}

/** Slices that are judged and named apart. */
export interface SlicesConfig {
  /**
   * Half of every guardrail's and signal's weight stays with the whole; these share the other half. Within
   * one, the j-th value has 1 / (j (j + 1)) of its part.
   */
  readonly dimensions: readonly string[];
}

export interface JudgeConfig {
  /** For all guardrails together, over the whole rollout. */
  readonly alphaHarm: number;
  /** Per guardrail. */
  readonly alphaNonInferiority: number;
  readonly alphaSrm: number;
  readonly hypotheses: readonly Hypothesis[];
  /**
   * Weight of evidence counted from the start of stage 0, 1, …; sums to at most 1. What is left is shared
   * without end by the stages after them (`stageWeight`); absent: all of it.
   */
  readonly startWeights?: readonly number[];
  /** True where long stages get later starts (`addStart`), which share their stage's weight. */
  readonly laterStarts: boolean;
  /** Absent where no slices are judged; then the whole has all of alpha. */
  readonly slices?: SlicesConfig;
}

/** All that the judge of one rollout remembers: plain data. */
export interface JudgeState {
  readonly config: JudgeConfig;
  stage: number;
  /** One per hypothesis in the order of the configuration, then the slices in the order they were added. */
  readonly hypotheses: HypothesisState[];
  /** First assignments by `stage|stratum|share`. */
  readonly assignments: Record<string, AssignmentCounts>;
}

/** What a slice is of. */
export interface SliceOf {
  /** Id of the hypothesis over all units. */
  readonly hypothesis: string;
  readonly dimension: string;
  readonly value: string;
  /** Treatment units (or exposure) in the present stage from which the slice may be demanded for a step up. */
  readonly minimumSample: number;
}

/** Evidence counted from one moment on. */
export interface HarmStart<Process> {
  readonly stage: number;
  readonly weight: number;
  readonly process: Process;
}

interface StateCommon<Process> {
  readonly id: string;
  readonly role: Hypothesis['role'];
  readonly horizonMs: number;
  /** Share of the harm alpha, after slices took their part. */
  readonly weight: number;
  /** Null for a hypothesis over all units. */
  readonly slice: SliceOf | null;
  readonly starts: HarmStart<Process>[];
}

/** The bet, and where a frequent share is judged as a mean too, the counts of that half. */
export interface ShareProcess extends EProcess {
  readonly frequent?: FrequentProcess;
}

/** Counts by `stage|stratum`, and the parameter of the mixture that runs on their information. */
export interface FrequentProcess {
  readonly rho: number;
  readonly strata: Record<string, Quad>;
}

export interface ShareState extends StateCommon<ShareProcess> {
  readonly kind: 'share';
  readonly frequent: boolean;
  /** The harm null by stage; a stage that set none keeps the one before. */
  readonly harmNulls: Record<string, Null>;
  baselineRate: number;
  nonInferiority: ShareProcess | null;
  /** Counts [n_T, x_T, n_C, x_C] by `stage|stratum`. */
  readonly totals: Record<string, Quad>;
  /** What bounds of the risk ratio need, by stage; `-1` for all stages together. */
  readonly ratios: Record<string, RatioCounts>;
}

/** [treatment, bad or events in treatment, control, bad or events in control] */
export type Quad = [treatment: number, eventsT: number, control: number, eventsC: number];

export interface MeanState extends StateCommon<MeanEvidenceProcess> {
  readonly kind: 'mean';
  /** The margin by stage; a stage that set none keeps the one before. */
  readonly margins: Record<string, MeanMargin>;
  /** In the metric's unit: starts to come are sharpest here. */
  standardError: number;
  nonInferiority: (MeanEvidenceProcess & { readonly margin: MeanMargin }) | null;
  /** All units by `stage|stratum`. */
  readonly totals: Record<string, ArmMoments>;
  /** The same without units that an earlier stage counted in treatment. */
  readonly fresh: Record<string, ArmMoments>;
}

/** Moments by `stage|stratum`, and the parameter of the mixture that runs on their information. */
export interface MeanEvidenceProcess extends MeanProcess {
  readonly rho: number;
}

export interface RequestsState extends StateCommon<RequestsProcess> {
  readonly kind: 'requests';
  readonly values: boolean;
  readonly harmNulls: Record<string, Null>;
  baselineRate: number;
  /** How control's events come, one by one or in clusters: it decides which form of evidence is believed. */
  readonly dispersion: DispersionState;
  nonInferiority: RequestsProcess | null;
  /** Exposure and events [T, T, C, C] by `stage|stratum`. */
  readonly totals: Record<string, Quad>;
  readonly ratios: Record<string, RatioCounts>;
}

/** Both forms of evidence on a rate, fed side by side (`rateEvidence`). */
export interface RequestsProcess {
  readonly rate: RateProcess;
  readonly batchMeans: BatchMeanProcess;
  readonly rho: number;
}

export type HypothesisState = ShareState | MeanState | RequestsState;

export interface AssignmentCounts {
  readonly stage: number;
  readonly stratum: string;
  readonly share: number;
  treatment: number;
  control: number;
}
