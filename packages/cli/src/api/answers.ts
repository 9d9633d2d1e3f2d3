/** What the server answers, as far as commands read it. */

/** What any change led to. */
export interface ChangeAnswer {
  /** False where everything was as asked already. */
  readonly changed: boolean;
  /** Log position of what is now so. */
  readonly version: number;
  /** Id of the rollback proof that was opened. */
  readonly proof?: string | null;
  /** Flags that require this one and were rolled back with it. */
  readonly dependants?: readonly string[];
}

export interface ProjectSummary {
  readonly key: string;
  readonly environments: readonly string[];
  readonly flags: number;
}

export interface EnvironmentSummary {
  readonly key: string;
  readonly owner: string;
  readonly order: number;
  readonly version: number;
}

export interface FlagSummary {
  readonly key: string;
  readonly kind: string;
  readonly type: string;
  readonly owner: string;
  readonly purpose: string;
  readonly archived: boolean;
  readonly version: number;
  readonly environments: Readonly<Record<string, FlagHere>>;
}

export interface FlagHere {
  readonly serve: string;
  readonly down: boolean;
  readonly version: number;
  readonly rollout?: RolloutSummary;
}

export interface RolloutSummary {
  readonly id: string;
  readonly attempt: number;
  readonly status: string;
  readonly stage: number;
  readonly stages: number;
  readonly to: string;
  readonly sharePerMillion: number;
}

export interface SegmentAnswer {
  readonly key: string;
  readonly owner: string;
  readonly if: unknown;
  readonly version: number;
}

export interface PlanAnswer {
  readonly plan: Plan;
  readonly version: number;
}

/** A plan with every default filled in. */
export interface Plan {
  readonly key: string;
  readonly stages: readonly PlanStage[];
  readonly guardrails: readonly unknown[];
}

export interface PlanStage {
  readonly allocations: readonly {
    readonly audience?: unknown;
    readonly sharePerMillion: number;
  }[];
  readonly bakeMs: number;
}
