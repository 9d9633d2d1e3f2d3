// Evidence for binary and rare outcomes.
export type { Bet, BetInput, Null } from './betting/bet.ts';
export { bet, logBetFactor } from './betting/bet.ts';
export type { ArmCounts, BatchCounts, Mixture } from './betting/types.ts';
export { HARM_MIXTURE, NON_INFERIORITY_MIXTURE } from './betting/mixtures.ts';
export type { EProcess } from './betting/process.ts';
export { absorbBatch, createProcess, logE } from './betting/process.ts';
export type { DirichletInput } from './srm/dirichlet-evidence.ts';
export { dirichletLogE } from './srm/dirichlet-evidence.ts';
export { SRM_PRIOR_UNITS, srmLogE } from './srm/log-bayes-factor.ts';
export type { RatioInterval } from './rollout/risk-ratio.ts';
export { riskRatio } from './rollout/risk-ratio.ts';

// The judge of one rollout.
export type {
  Assessment,
  HarmAssessment,
  Hypothesis,
  HypothesisEvidence,
  JudgeConfig,
  JudgeState,
  NonInferiorityAssessment,
  SrmAssessment,
  TotalsAssessment,
} from './rollout/types.ts';
export { createJudge, judgeConfig, START_WEIGHTS } from './rollout/create-judge.ts';
export type { StageEntry } from './rollout/enter-stage.ts';
export { addStart, enterStage } from './rollout/enter-stage.ts';
export type { AssignmentBatch, StratumBatch } from './rollout/absorb.ts';
export { absorb, absorbAssignments } from './rollout/absorb.ts';
export { assess } from './rollout/assess.ts';
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
