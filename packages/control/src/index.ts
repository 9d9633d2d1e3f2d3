export type {
  BlindAction,
  BudgetPlan,
  Guardrail,
  Plan,
  Stage,
  SuccessCriterion,
  WatchPlan,
} from './plan/types.ts';
export type {
  CountedSource,
  MetricSource,
  OtlpSource,
  PrometheusQueries,
  PrometheusSource,
  SdkSource,
} from './metric/source.ts';
export type { Aggregate, Metric, MetricDefinition, MetricKind, Worse } from './metric/types.ts';
export { BUILT_IN_METRICS } from './metric/built-in.ts';
export type {
  FlagDefinition,
  FlagEnvironmentDefinition,
  RolloutDeclaration,
} from './flag/types.ts';
export type {
  Cause,
  FrozenFigures,
  FrozenHypothesis,
  RolloutState,
  RolloutStatus,
} from './rollout/types.ts';
export type {
  Actor,
  Command,
  CommandBody,
  Envelope,
  EvidenceSummary,
  LossRecord,
  PageReference,
  ProofClock,
  StateRecord,
  PutBody,
  TokenGrant,
} from './command/types.ts';
export type { EventBody, EventHeader, EventPayload, LogEvent } from './event/types.ts';
export type {
  ControlState,
  EnvironmentState,
  FlagEnvironmentState,
  FlagMentions,
  FlagState,
  ProjectState,
  ProofState,
  RehearsalState,
  SegmentState,
} from './state/types.ts';
export type {
  AttributionPart,
  BudgetEvidence,
  Evidence,
  SuccessEvidence,
  WatchEvidence,
  WholeStageEvidence,
} from './evidence/types.ts';
export type {
  IntakeBody,
  IntakeRow,
  RolloutChange,
  StreamStanding,
  TelemetryScope,
} from './telemetry/types.ts';
export type { DomainError, ErrorEntry } from './error/types.ts';

export { flagsRequiring } from './flag/dependants.ts';
export { decide } from './command/decide.ts';
export type { Answer, DecideContext, Decision, Refusal } from './command/decision.ts';
export type { Effect } from './effect/types.ts';
export { evolve, positionAfter } from './event/evolve.ts';
export { type StateChange, effectsOf } from './effect/effects-of.ts';
export { EVENT_SCHEMA_VERSION } from './event/types.ts';
export { createControlState } from './state/create.ts';
export { hasVersion } from './state/has-version.ts';
export { overlayState } from './state/overlay-state.ts';
export { deserializeState, serializeState } from './state/serialize.ts';
export { buildSnapshot, type SnapshotOptions } from './snapshot/build.ts';
export { type EnvironmentPlace, SnapshotBuilder } from './snapshot/builder.ts';
export type { PageReader } from './snapshot/overrides.ts';
export { type DomainErrorCode, ERROR_CATALOGUE } from './error/catalogue.ts';
export type { Result } from './error/result.ts';
export type { SegmentDefinition } from './segment/types.ts';
export { FlagDocument } from './document/flag-document.ts';
export { PlanDocument } from './document/plan-document.ts';
export { SegmentDocument } from './document/segment-document.ts';
export { readFlagDocument } from './document/read-flag-document.ts';
export { MetricDocument } from './document/metric-document.ts';
export { readMetricDocument } from './document/read-metric-document.ts';
export { writeMetricDocument } from './document/write-metric-document.ts';
export { type KnownMetrics, projectMetrics } from './metric/known-metrics.ts';
export { freezeMetrics } from './metric/freeze-metrics.ts';
export { checkPlanMetrics } from './plan/check-plan-metrics.ts';
export { readPlanDocument } from './document/read-plan-document.ts';
export { readSegmentDocument } from './document/read-segment-document.ts';
export { writeFlagDocument } from './document/write-flag-document.ts';
export { writePlanDocument } from './document/write-plan-document.ts';
export { writeSegmentDocument } from './document/write-segment-document.ts';
export { durationText, parseDuration } from './document/duration.ts';
export { ratioText, shareText } from './document/percentage.ts';
export type { JsonSchema } from './document/json-schema.ts';
export { KEY_PATTERN } from './document/key.ts';
export { audienceText } from './plan/describe.ts';
export { fillQuery, hasArm, windowText } from './source/query.ts';
export { readOtlpSource, readPrometheusSource } from './source/read-source.ts';
export { otlpSourceSchema, prometheusSourceSchema } from './source/source-schema.ts';
export { PLAN_DEFAULTS } from './plan/defaults.ts';
export { goesOn, isRaised } from './rollout/transitions.ts';

// Telemetry, evidence, the rollout controller, rollback proofs and the check before a start.
export { DEFAULT_TELEMETRY_OPTIONS, type TelemetryOptions } from './telemetry/options.ts';
export {
  createTelemetryState,
  type EnvironmentTelemetry,
  type MetricArrival,
  type TelemetryState,
} from './telemetry/state.ts';
export type {
  CountedBody,
  CountedItem,
  Evaluation,
  Joined,
  OtlpDrop,
  RefusedShape,
  SourceFault,
  ToldPoint,
  ToldRequest,
} from './telemetry/counted/types.ts';
export {
  type AcceptedOtlp,
  acceptOtlp,
  type ReceivedOtlp,
} from './telemetry/counted/accept-otlp.ts';
export { eventsOf as pointEvents } from './telemetry/counted/point-events.ts';
export { senderCorrection } from './telemetry/counted/sender.ts';
export { LARGEST_COUNT } from './telemetry/counted/fold-counted.ts';
export { type DueReading, dueReadings, trialReading } from './telemetry/counted/due-readings.ts';
export type { SourceEvidence } from './evidence/sources.ts';
export { foldIntake, passOver } from './telemetry/fold-intake.ts';
export { faultOf } from './telemetry/fault/fault-of.ts';
export type { FoldFault } from './telemetry/fault/types.ts';
export {
  type Acceptance,
  acceptReport,
  type ReceivedReport,
} from './telemetry/accept/accept-report.ts';
export type { DropCause } from './telemetry/accept/drop-tally.ts';
export { REPORT_BOUNDS } from './telemetry/accept/report-shape.ts';
export {
  deserializeTelemetry,
  type SerializedTelemetry,
  serializeTelemetry,
  TELEMETRY_FORMAT_VERSION,
} from './telemetry/serialize.ts';
export { type DueBatch, dueBatches } from './telemetry/rollout/batches.ts';
export type { DroppedItems, RolloutTelemetry } from './telemetry/rollout/types.ts';
export { senderKey } from './telemetry/counted/sender.ts';
export { instanceKey } from './telemetry/instance/instance-key.ts';
export { refusedBy } from './telemetry/instance/reading.ts';
export { type ExpiredInstance, instancesToExpire } from './telemetry/instance/leaving.ts';
export {
  type AcknowledgedVersion,
  EPHEMERAL_PREFIX,
  type InstanceClass,
  type InstanceState,
} from './telemetry/instance/types.ts';
export { evidenceOf } from './evidence/evidence-of.ts';
export { lossesOf } from './telemetry/losses/losses-of.ts';
export { basisOf } from './controller/evidence-summary.ts';
export { next } from './controller/next.ts';
export type { ControllerInput, ControllerStep, StepName, WaitsFor } from './controller/types.ts';
export { assessProof } from './proof/assess-proof.ts';
export { nextProofCommand } from './proof/next-proof-command.ts';
export type { ClockView, MissingProof, ProofInput, ProofView } from './proof/types.ts';
export { countedMetrics } from './check/counted-metrics.ts';
export { checkBeforeStart, stopsStart } from './check/check-before-start.ts';
export { type Forecast, forecast, type StageForecast } from './check/forecast.ts';
export type { CheckInput, CheckItem } from './check/types.ts';

// Rehearsals: the whole rollout in virtual time.
export { rehearse, type RehearsalRequest } from './rehearsal/rehearse.ts';
export type { Progress, Rehearsing } from './rehearsal/play-scenario.ts';
export { runTask, type RunTask } from './rehearsal/run-task.ts';
export type { RecordedScenario, RehearsalRecord } from './rehearsal/record/types.ts';
export { assumedOf, recordOf } from './rehearsal/record/record-of.ts';
export { planDigest } from './rehearsal/record/same-plan.ts';
export { recordedService } from './rehearsal/service/recorded-service.ts';
export type { RunOutcome } from './rehearsal/types.ts';
export { readScenario } from './rehearsal/scenario/read-scenario.ts';
export { checkScenario } from './rehearsal/scenario/check-scenario.ts';
export type { Scenario } from './rehearsal/scenario/types.ts';
export type { Truth } from './rehearsal/scenario/truth.ts';
export { assumeService, type KnownService } from './rehearsal/service/assume-service.ts';
export type { Figure, LatencyModel, ServiceModel } from './rehearsal/service/types.ts';
export type { Quantiles } from './rehearsal/result/quantiles.ts';
export type { Share } from './rehearsal/result/share.ts';
export type {
  Finding,
  RehearsalReport,
  ScenarioSummary,
  StageReached,
  Suggestion,
} from './rehearsal/result/types.ts';
export { type FieldChange, changesOf } from './document/changes-of.ts';
export { withAll } from './error/with-all.ts';
export { type DocumentKind, readAnyPut, readPut } from './command/read-put.ts';
export { othersChanges, type PastPut } from './document/others-changes.ts';
export { documentOf, documentOfPut } from './event/document-of.ts';
