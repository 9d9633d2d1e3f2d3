import type { FlagDefinition } from '../flag/types.ts';
import type { Plan } from '../plan/types.ts';
import type { ControlState } from '../state/types.ts';
import type { TelemetryState } from '../telemetry/state.ts';

export interface CheckInput {
  readonly project: string;
  readonly environment: string;
  readonly flag: FlagDefinition;
  readonly plan: Plan;
  readonly state: ControlState;
  readonly telemetry: TelemetryState;
  /** The store's clock. */
  readonly nowMs: number;
  /** By metric: what came of reading its Prometheus server once; absent: it was not tried. */
  readonly trials?: ReadonlyMap<string, { readonly ok: boolean; readonly text: string }>;
}

/** One thing looked at before a start. `remedy` is empty where `ok`. */
export interface CheckItem {
  readonly code: string;
  readonly ok: boolean;
  readonly text: string;
  readonly remedy: string;
}
