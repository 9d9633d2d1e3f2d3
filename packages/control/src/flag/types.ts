import type { FlagKind, FlagType, JsonValue, TargetingRule } from '@downhaul/engine';
import type { Plan } from '../plan/types.ts';

/** A flag as the domain keeps it: one document for all its environments, defaults filled in. */
export interface FlagDefinition {
  readonly key: string;
  readonly kind: FlagKind;
  readonly type: FlagType;
  readonly owner: string;
  readonly purpose: string;
  readonly variants: Readonly<Record<string, JsonValue>>;
  readonly safe: string;
  /** Services that the flag touches. */
  readonly affects: readonly string[];
  readonly dataCompatibility?: string;
  /** ISO date after which the flag should be gone. */
  readonly expires?: string;
  readonly requires: {
    readonly flags: readonly { readonly flag: string; readonly variant: string }[];
    readonly services: readonly {
      readonly service: string;
      readonly contract: string;
      readonly version: string;
    }[];
    readonly migrations: readonly string[];
  };
  readonly conflicts: readonly string[];
  readonly environments: Readonly<Record<string, FlagEnvironmentDefinition>>;
}

export interface FlagEnvironmentDefinition {
  readonly serve: string;
  readonly rules: readonly TargetingRule[];
  readonly rollout?: RolloutDeclaration;
}

/** What a document declares of a rollout: which plan towards which variant, not where it stands. */
export interface RolloutDeclaration {
  /** Key of a named plan, or a plan written in place. */
  readonly plan: string | Plan;
  readonly to: string;
  readonly attempt: number;
}
