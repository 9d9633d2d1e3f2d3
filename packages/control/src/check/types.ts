import type { CheckCode } from './codes.ts';
import type { FlagDefinition } from '../flag/types.ts';
import type { Plan } from '../plan/types.ts';
import type { ControlState } from '../state/types.ts';
import type { TelemetryState } from '../telemetry/state.ts';

export interface CheckInput {
  readonly project: string;
  readonly environment: string;
  readonly flag: FlagDefinition;
  readonly plan: Plan;
  /** The variant that is to be rolled out; absent: as the flag declares. */
  readonly to?: string;
  readonly state: ControlState;
  readonly telemetry: TelemetryState;
  /** The store's clock. */
  readonly nowMs: number;
  /** By metric: what came of reading its Prometheus server once; absent: it was not tried. */
  readonly trials?: ReadonlyMap<string, { readonly ok: boolean; readonly text: string }>;
}

/** One thing looked at before a start. `remedy` is empty where `ok`. What each code means for a start: `CHECK_CODES`. */
export interface CheckItem {
  readonly code: CheckCode;
  readonly ok: boolean;
  readonly text: string;
  readonly remedy: string;
}
