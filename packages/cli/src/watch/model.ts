/**
 * What a watching person sees of one flag in one environment at one moment. It is made from the
 * server's answers, and everything shown is a pure function of it.
 */
export interface WatchModel {
  readonly flag: string;
  readonly project: string;
  readonly environment: string;
  /** Snapshot version of the environment. */
  readonly version: number;
  /** The server's clock. */
  readonly nowMs: number;
  readonly down: boolean;
  readonly rollout?: RolloutModel;
  readonly instances: InstancesModel;
  /** The newest rollback proof, while it belongs to what is shown. */
  readonly proof?: ProofModel;
}

export type RolloutStatus =
  'measuring' | 'running' | 'held' | 'paused' | 'rolledBack' | 'completed' | 'ended';

export interface RolloutModel {
  readonly attempt: number;
  readonly plan: string;
  readonly to: string;
  readonly status: RolloutStatus;
  readonly statusSinceMs: number;
  readonly stageEnteredAtMs: number;
  /** Index of the stage served now or last; -1 before the first. */
  readonly stage: number;
  readonly stages: readonly StageModel[];
  /** Whether anybody gets the target at all. */
  readonly served: boolean;
  readonly unguarded: boolean;
  readonly cause?: string;
  /** What the watch after completion alarms of. */
  readonly alarm?: string;
  readonly units?: { readonly treatment: number; readonly control: number };
  readonly guardrails: readonly GuardrailModel[];
  readonly slices: readonly SliceModel[];
  /** Units of synthetic traffic in all stages; absent without any. */
  readonly synthetic?: Readonly<Record<'treatment' | 'control', CountModel>>;
  readonly budgets: readonly BudgetModel[];
  /** What was recorded when the rollout started, a line each. */
  readonly recorded: readonly string[];
  /** The verdict in sentences. */
  readonly sentences: readonly string[];
  readonly waiting: readonly WaitModel[];
}

export interface BudgetModel {
  readonly name: string;
  /** `left`, `burning`, `burnt` or `unknown`. */
  readonly state: string;
  /** Part of the budget that is spent; absent where nobody can say. */
  readonly spent?: number;
}

export interface StageModel {
  /** Highest share that this stage serves to anyone. */
  readonly sharePerMillion: number;
  /** Whether some audience gets it at another share, or none at all. */
  readonly partial: boolean;
  readonly bakeMs: number;
}

export interface GuardrailModel {
  readonly name: string;
  /** A signal pauses; a guardrail rolls back. */
  readonly kind: 'guardrail' | 'signal';
  /** Only requests are known of it, not distinct units. */
  readonly approximate?: boolean;
  readonly verdict: string;
  /** Evidence of harm as a part of the limit: at 1 it acts. */
  readonly harmPart: number;
  /** Evidence that it is no worse, as a part of what the next step wants. */
  readonly safePart?: number;
}

/** What is told apart, such as `platform=ios`. */
export interface SliceModel {
  readonly name: string;
  readonly verdict: string;
  readonly units: { readonly treatment: number; readonly control: number };
  readonly minimumSample: number;
  /** Of the guardrail that speaks most for harm. */
  readonly harmPart: number;
}

interface CountModel {
  readonly units: number;
  readonly bad: number;
}

export interface WaitModel {
  readonly text: string;
  /** When it should be over, on the server's clock, where that is known. */
  readonly untilMs?: number;
  /** How many units are still missing, where that is what it waits for. */
  readonly units?: number;
}

export interface InstancesModel {
  /** The last version that changed this flag here. */
  readonly version: number;
  readonly live: number;
  /** Of these, on this version or a later one. */
  readonly reached: number;
  readonly missing: readonly string[];
}

export interface ProofModel {
  readonly id: string;
  readonly kind: 'rollback' | 'down';
  readonly version: number;
  readonly openedAtMs: number;
  readonly clocks: readonly ClockModel[];
}

export interface ClockModel {
  readonly name: string;
  readonly outcome: 'pending' | 'proven' | 'missed';
  readonly deadlineAtMs: number;
  readonly statement?: string;
  readonly missing: readonly string[];
}
