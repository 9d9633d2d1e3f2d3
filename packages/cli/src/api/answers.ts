import type { components, operations } from '@downhaul/client';

/** What the server answers, under the names that commands use. The shapes are the API's own. */

type Success<Operation extends keyof operations> = operations[Operation]['responses'] extends {
  200: { content: { 'application/json': infer Body } };
}
  ? Body
  : never;

export type ChangeAnswer = components['schemas']['Answer'] & {
  /** Flags that require this one and were rolled back with it. */
  readonly dependants?: readonly string[];
  /** Ids of the proofs of rollouts that a document took back, `environment/flag@position`. */
  readonly rolledBack?: readonly string[];
};

export type ProjectSummary = Success<'listProjects'>['projects'][number];
export type EnvironmentSummary = Success<'listEnvironments'>['environments'][number];
export type FlagSummary = Success<'listFlags'>['flags'][number];
export type InstancesAnswer = Success<'listInstances'>;
export type CheckAnswer = Success<'checkRollout'>;
export type TokenAnswer = Success<'listTokens'>['tokens'][number];
export type LogEntry = Success<'readLog'>['events'][number];

export type RolloutAnswer = components['schemas']['Rollout'];
export type SliceAnswer = RolloutAnswer['slices'][number];
export type GuardrailAnswer = RolloutAnswer['guardrails'][number];
export type ProofAnswer = components['schemas']['Proof'];
export type ProofClockAnswer = ProofAnswer['clocks'][number];
/** An instance, or a guardrail, that a clock of a proof still waits for. */
export type Missing = ProofClockAnswer['missing'][number];

export type RehearsalLine = components['schemas']['RehearsalLine'];
export type RehearsalReport = components['schemas']['RehearsalReport'];
export type ScenarioSummary = RehearsalReport['scenarios'][number];
