export type { JsonValue } from './json.ts';
export { CAPABILITIES } from './capabilities.ts';
export type { AttributeCondition, Condition, Operator } from './condition/types.ts';
export { type AttributeReader, compileReader, readMember } from './condition/read-attribute.ts';
export { SNAPSHOT_FORMAT_VERSION } from './snapshot/types.ts';
export type {
  Allocation,
  Arm,
  FlagKind,
  FlagType,
  RolloutPhase,
  Snapshot,
  SnapshotDelta,
  SnapshotFlag,
  SnapshotRollout,
  SnapshotSegment,
  Split,
  TargetingRule,
} from './snapshot/types.ts';
export { canonicalJson } from './snapshot/canonical-json.ts';
export { changedFlags } from './snapshot/changed-flags.ts';
export { contentHash, flagHash, replaceHashes, segmentHash } from './snapshot/content-hash.ts';
export { applyDelta, type DeltaResult, diffSnapshots } from './snapshot/delta.ts';
export { requirementProblems, segmentProblems, segmentsOfFlag } from './snapshot/dependencies.ts';
export { unreadableFlags } from './snapshot/unreadable.ts';
export { requiredCapabilities } from './snapshot/required-capabilities.ts';
export { validateCondition } from './validate/condition.ts';
export { flagEntryProblems, segmentEntryProblems } from './validate/entry.ts';
export { readDelta, type Reading, readSnapshot } from './validate/read-snapshot.ts';
export type { Problem } from './validate/problems.ts';
export {
  type DeltaValidation,
  type SnapshotValidation,
  validateDelta,
  validateSnapshot,
} from './validate/snapshot.ts';
export { bucketOf, cut } from './hash/cut.ts';
export { type Hash64, hash64Text, parseHash64 } from './hash/hash64.ts';
export { murmur3 } from './hash/murmur3.ts';
export { type UnitHasher, unitHash, unitHasher } from './hash/unit-hash.ts';
export { checkType } from './evaluate/check-type.ts';
export { compile, type Evaluator, type FlagHandle, recompile } from './evaluate/evaluator.ts';
export { compileUnit, type UnitReader } from './evaluate/unit.ts';
export type {
  Evaluation,
  EvaluationContext,
  EvaluationErrorCode,
  EvaluationReason,
  Exposure,
} from './evaluate/types.ts';
export { explainText } from './explain/text.ts';
export type {
  AllocationExplanation,
  BucketExplanation,
  ConditionExplanation,
  ConflictsExplanation,
  DecidingStage,
  Explanation,
  ExplanationDetails,
  Outcome,
  OverrideExplanation,
  RequirementExplanation,
  RequiresExplanation,
  RolloutExplanation,
  RuleExplanation,
  SplitExplanation,
  UnitExplanation,
} from './explain/types.ts';
export {
  LATENCY_BUCKET_COUNT,
  latencyBucketOf,
  latencyBucketUpperEdgeMs,
} from './latency/buckets.ts';
export { MAX_SLICE_VALUE, MAX_SLICES, sliceValue } from './protocol/slice-value.ts';
export type { StreamHello, StreamMessage } from './protocol/stream.ts';
export { MAX_REFUSAL, MAX_UNREADABLE } from './protocol/telemetry.ts';
export type {
  Acknowledgement,
  ActivityItem,
  ExposureItem,
  Goodbye,
  OutcomeItem,
  Refusal,
  TelemetryReport,
  TrackedValues,
  Traffic,
} from './protocol/telemetry.ts';
export { startOf, strayCharacter, strayEscape } from './text/characters.ts';
export { TEXT_ERRORS, type TextErrorCode, type TextErrorEntry } from './text/errors.ts';
export { Keys } from './text/keys.ts';
export { numberProblem } from './text/number.ts';
export {
  lineAndColumn,
  MOST_PROBLEMS,
  type PlaceOf,
  type TextProblem,
  textProblem,
} from './text/problem.ts';
export { MOST_DEPTH, pointerTo, readJson, type TextReading } from './text/read-json.ts';
export { utf8Problem } from './text/utf8.ts';
