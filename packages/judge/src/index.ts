// Evidence for binary and rare outcomes.
export type { Bet, BetInput, Null } from './betting/bet.ts';
export { bet, logBetFactor } from './betting/bet.ts';
export type { ArmCounts, BatchCounts, Mixture } from './betting/types.ts';
export { HARM_MIXTURE, NON_INFERIORITY_MIXTURE, STEP_UP_MIXTURE } from './betting/mixtures.ts';
export type { EProcess } from './betting/process.ts';
export { absorbBatch, createProcess, logE } from './betting/process.ts';
export type { DirichletInput } from './srm/dirichlet-evidence.ts';
export { dirichletLogE } from './srm/dirichlet-evidence.ts';
export { SRM_PRIOR_UNITS, srmLogE } from './srm/log-bayes-factor.ts';
export type { RatioInterval } from './rollout/risk-ratio.ts';
export { riskRatio } from './rollout/risk-ratio.ts';

// The judge of one rollout.
export type {
  Hypothesis,
  HypothesisState,
  JudgeConfig,
  JudgeState,
  MeanFigures,
  MeanHypothesis,
  RequestsHypothesis,
  ShareHypothesis,
  SliceOf,
  SlicesConfig,
} from './rollout/types.ts';
export type {
  Assessment,
  HarmAssessment,
  HypothesisEvidence,
  MeanTotals,
  NonInferiorityAssessment,
  RatioAssessment,
  RequestsTotals,
  ShareTotals,
  SrmAssessment,
  TotalsAssessment,
} from './rollout/assessment.ts';
export { createJudge, judgeConfig } from './rollout/create-judge.ts';
export { stageWeight } from './rollout/start-weights.ts';
export type { MeanEntry, StageEntry } from './rollout/stage-entry.ts';
export { addStart, enterStage } from './rollout/enter-stage.ts';
export { addSlice, sliceId } from './rollout/add-slice.ts';
export type { BatchPlace } from './rollout/batch-place.ts';
export type { StratumBatch } from './rollout/share/absorb.ts';
export { absorb } from './rollout/share/absorb.ts';
export type { StratumMeans } from './rollout/mean/absorb.ts';
export { absorbMeans } from './rollout/mean/absorb.ts';
export type { StratumRequests } from './rollout/requests/absorb.ts';
export { absorbBaselineRequests, absorbRequests } from './rollout/requests/absorb.ts';
export type { AssignmentBatch } from './rollout/absorb-assignments.ts';
export { absorbAssignments } from './rollout/absorb-assignments.ts';
export { assess, assessTotals, assessTotalsOf } from './rollout/assess.ts';
export { assessHarm } from './rollout/harm-evidence.ts';
export { mayShowHarm } from './rollout/may-show-harm.ts';
export { assessNonInferiority } from './rollout/non-inferiority-evidence.ts';
export { assessSrm } from './rollout/srm-evidence.ts';
export type { Verdict } from './rollout/verdict.ts';
export { verdictOf } from './rollout/verdict.ts';
export type { Sentence } from './rollout/explain-assessment.ts';
export { explain } from './rollout/explain-assessment.ts';
export { attemptAlpha } from './rollout/attempt-alpha.ts';
export { JUDGE_VERSION } from './rollout/version.ts';

// Before and around a rollout.
export type { Freshness, FreshnessInput } from './freshness/freshness.ts';
export { freshness, FRESHNESS_BATCHES } from './freshness/freshness.ts';
export type {
  FrozenThreshold,
  LatencyHistogram,
  LatencyScale,
} from './latency/frozen-threshold.ts';
export { frozenThreshold } from './latency/frozen-threshold.ts';
export type { ExposuresInput } from './plan/exposures-needed.ts';
export {
  exposuresNeeded,
  exposuresToDetect,
  TYPICAL_MIXTURE_FACTOR,
} from './plan/exposures-needed.ts';
export { excessEventsBeforeRollback, harmBound } from './plan/harm-bound.ts';
export { JudgeInputError } from './error/judge-input-error.ts';

// Means, from counts, sums and sums of squares.
export type { Moments } from './continuous/moments.ts';
export { mergeMoments, momentsOfRate, NO_MOMENTS, sampleVariance } from './continuous/moments.ts';
export type { ShiftedSums } from './continuous/shifted-sums.ts';
export { addValue, createSums, momentsOf } from './continuous/shifted-sums.ts';
export type { MeanMargin } from './continuous/margin.ts';
export type { ArmMoments, Contrast, NoContrast } from './continuous/contrast.ts';
export { contrastOf, LEAST_UNITS } from './continuous/contrast.ts';
export type { MeanClaim, Score } from './continuous/information-time.ts';
export { informationTime, logMeanE, rhoFor } from './continuous/information-time.ts';
export type { MeanEvidence, NamedContrast } from './continuous/judge-means.ts';
export { judgeMeans } from './continuous/judge-means.ts';
export type { MeanBatch, MeanProcess } from './continuous/process.ts';
export { absorbMeanBatch, assessMeans, createMeanProcess } from './continuous/process.ts';
export type { MeanInterval } from './continuous/interval.ts';
export { differenceInterval, ratioInterval } from './continuous/interval.ts';
export type { Adjustment, PairedMoments, PairedSums } from './continuous/cuped.ts';
export {
  cupedContrast,
  cupedTheta,
  mergePairedMoments,
  pairedMomentsOf,
} from './continuous/cuped.ts';
export type { BucketEstimate, BucketSums } from './continuous/bucket-jackknife.ts';
export { bucketContrast, bucketEstimate, UNIT_BUCKETS } from './continuous/bucket-jackknife.ts';

// Counts and rates of events.
export type { ArmEvents, EventBatch, RateProcess, ShareBatch } from './counts/rate-process.ts';
export {
  absorbEvents,
  absorbEventTotals,
  createRateProcess,
  rateLogE,
} from './counts/rate-process.ts';
export { cappedOutcome } from './counts/capped-outcome.ts';
export type { BatchMeanProcess, BatchRates } from './counts/batch-means.ts';
export {
  absorbBatchRates,
  assessBatchMeans,
  createBatchMeans,
  LEAST_BATCHES,
} from './counts/batch-means.ts';
export type { DispersionState } from './counts/overdispersion.ts';
export { absorbDispersion, createDispersion, overdispersion } from './counts/overdispersion.ts';
export type { RateEvidence } from './counts/rate-evidence.ts';
export { rateEvidence } from './counts/rate-evidence.ts';
export type { LogRateRatio, StageEvents } from './counts/two-sided.ts';
export { logRateRatio, twoSidedLogE } from './counts/two-sided.ts';

// Quantiles and distributions, for display and for claims about a quantile itself.
export type { QuantileComparison, QuantileEvidence } from './quantile/compare-quantiles.ts';
export { compareQuantiles } from './quantile/compare-quantiles.ts';
export type { QuantileInterval } from './quantile/quantile-interval.ts';
export { quantileInterval } from './quantile/quantile-interval.ts';
export type { BandPoint, BandSetting } from './quantile/distribution-band.ts';
export { bandConstant, bandHalfWidth, distributionBand } from './quantile/distribution-band.ts';

// Whose fault a worsening is.
export type { LimitBatch } from './limit/log-limit-factor.ts';
export { logLimitFactor } from './limit/log-limit-factor.ts';
export type { LimitProcess } from './limit/limit-process.ts';
export {
  absorbAgainstLimit,
  createLimitProcess,
  limitLogE,
  mayReachLimit,
  openStart,
} from './limit/limit-process.ts';
export { baselineLimit, rateUpperBound } from './limit/baseline-limit.ts';
export type { Attribution, AttributionEvidence, LogEvidence } from './attribution/attribute.ts';
export { attribute } from './attribution/attribute.ts';
export type { AttributionBatch, AttributionProcess } from './attribution/attribution-process.ts';
export {
  absorbAttribution,
  assessAttribution,
  createAttribution,
  openAttributionStart,
} from './attribution/attribution-process.ts';
export type { ShareProcess } from './attribution/share-process.ts';
export {
  absorbService,
  BATCHES_AFTER,
  createShareProcess,
  forgetLastRaise,
  isComparing,
  lastChangeLogE,
  raiseSeemsToTell,
  shareLogE,
} from './attribution/share-process.ts';
export type { DimensionalSrm, ShareAssignments, SliceAssignments } from './srm/by-dimension.ts';
export { srmByDimension } from './srm/by-dimension.ts';

// After completion.
export type {
  Detector,
  DetectorAssessment,
  DetectorBatch,
  DetectorCell,
} from './detector/detector.ts';
export { absorbStep, assessDetector, createDetector, resetDetector } from './detector/detector.ts';
export { watchHoldback } from './detector/watch-holdback.ts';
export { watchLimit } from './detector/watch-limit.ts';
export type { BurnWindow } from './budget/burn-windows.ts';
export { burnWindows } from './budget/burn-windows.ts';
export type {
  BurnRate,
  ErrorBudget,
  ErrorBudgetInput,
  EventCounts,
  ServiceLevelObjective,
} from './budget/error-budget.ts';
export { errorBudget } from './budget/error-budget.ts';

// Time-uniform boundaries: what the statistics above are made of, and what others can be compared with.
export { bestOneSidedRho, bestRho } from './uniform/best-rho.ts';
export type { UniformMixture } from './uniform/mixture.ts';
export { mixtureBound } from './uniform/mixture.ts';
export { oneSidedNormalMixture, twoSidedNormalMixture } from './uniform/normal-mixture.ts';
export type { BetaBinomialInput } from './uniform/beta-binomial-mixture.ts';
export { betaBinomialMixture } from './uniform/beta-binomial-mixture.ts';
export { gammaExponentialMixture } from './uniform/gamma-exponential-mixture.ts';
export { gammaPoissonMixture } from './uniform/gamma-poisson-mixture.ts';
export { doubleStitchingBound, polynomialStitchingBound } from './uniform/stitching.ts';
export type { RateInterval } from './uniform/rate-interval.ts';
export { rateInterval } from './uniform/rate-interval.ts';
export type { AsymptoticSetting } from './uniform/asymptotic.ts';
export { asymptoticZ, logAsymptoticE } from './uniform/asymptotic.ts';

// Sentences for release owners.
export { explainAttribution } from './words/explain-attribution.ts';
export { explainBudget } from './words/explain-budget.ts';
export { explainMeans } from './words/explain-means.ts';
export { explainQuantile } from './words/explain-quantile.ts';
export { explainRate } from './words/explain-rate.ts';
export { explainSlices } from './words/explain-slices.ts';
export { explainWatch } from './words/explain-watch.ts';
