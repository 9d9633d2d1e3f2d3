import type { Condition } from '@downhaul/engine';
import type {
  Actor,
  EvidenceSummary,
  LossRecord,
  PageReference,
  ProofClock,
  StateRecord,
  TokenGrant,
} from '../command/types.ts';
import type { FlagDefinition } from '../flag/types.ts';
import type { MetricDefinition } from '../metric/types.ts';
import type { Plan } from '../plan/types.ts';
import type { RehearsalRecord } from '../rehearsal/record/types.ts';
import type { SourceName } from '../rollout/excluded-source.ts';
import type { Cause, FrozenFigures } from '../rollout/types.ts';
import type { Allocation } from '@downhaul/engine';

export const EVENT_SCHEMA_VERSION = 1;

/** What one event says, apart from its place in the log. `atMs` is the store's clock. */
export type EventBody = EventHeader & EventPayload;

export interface EventHeader {
  readonly schemaVersion: number;
  readonly project: string;
  /** Environments whose snapshot this event changes. */
  readonly environments: readonly string[];
  readonly atMs: number;
  readonly actor: Actor;
  readonly correlationId: string;
  readonly idempotencyKey: string;
  readonly justification?: PageReference;
}

export type EventPayload =
  | { readonly type: 'projectCreated'; readonly key: string }
  | {
      readonly type: 'environmentCreated';
      readonly key: string;
      readonly owner: string;
      readonly order: number;
      readonly unitSalt: string;
    }
  | { readonly type: 'flagPut'; readonly definition: FlagDefinition }
  | { readonly type: 'flagArchived'; readonly flag: string }
  | {
      readonly type: 'segmentPut';
      readonly key: string;
      readonly if: Condition;
      readonly owner: string;
    }
  | { readonly type: 'segmentRemoved'; readonly segment: string }
  | { readonly type: 'metricPut'; readonly metric: MetricDefinition }
  | { readonly type: 'metricRemoved'; readonly metric: string }
  | { readonly type: 'planPut'; readonly plan: Plan }
  | {
      readonly type: 'overridesSet';
      readonly flag: string;
      readonly environment: string;
      readonly page: PageReference;
      readonly count: number;
    }
  | {
      readonly type: 'rolloutStarted';
      readonly flag: string;
      readonly environment: string;
      readonly attempt: number;
      readonly plan: Plan;
      readonly to: string;
      readonly control: string;
      readonly salt: string;
      readonly atOnce: boolean;
    }
  | {
      readonly type: 'rolloutStageEntered';
      readonly flag: string;
      readonly environment: string;
      readonly stage: number;
      readonly allocations: readonly Allocation[];
      readonly figures: FrozenFigures;
      readonly evidence?: EvidenceSummary;
    }
  | {
      readonly type: 'rolloutHeld';
      readonly flag: string;
      readonly environment: string;
      readonly cause: Cause;
      readonly evidence?: EvidenceSummary;
    }
  | {
      readonly type: 'rolloutReleased';
      readonly flag: string;
      readonly environment: string;
      readonly evidence?: EvidenceSummary;
    }
  | {
      readonly type: 'rolloutPaused';
      readonly flag: string;
      readonly environment: string;
      readonly cause: Cause;
      readonly evidence?: EvidenceSummary;
    }
  | { readonly type: 'rolloutResumed'; readonly flag: string; readonly environment: string }
  | {
      readonly type: 'rolloutRolledBack';
      readonly flag: string;
      readonly environment: string;
      readonly cause: Cause;
      readonly proof: string;
      readonly evidence?: EvidenceSummary;
    }
  | {
      readonly type: 'rolloutCompleted';
      readonly flag: string;
      readonly environment: string;
      readonly evidence?: EvidenceSummary;
    }
  | {
      readonly type: 'rolloutTightened';
      readonly flag: string;
      readonly environment: string;
      readonly plan: Plan;
    }
  | {
      readonly type: 'rolloutEnded';
      readonly flag: string;
      readonly environment: string;
      readonly cause: Cause;
    }
  | ({
      readonly type: 'sourceExcluded';
      readonly flag: string;
      readonly environment: string;
    } & SourceName)
  | ({
      readonly type: 'sourceIncluded';
      readonly flag: string;
      readonly environment: string;
    } & SourceName)
  | {
      readonly type: 'flagDowned';
      readonly flag: string;
      readonly environment: string;
      readonly proof: string;
    }
  | { readonly type: 'flagUpped'; readonly flag: string; readonly environment: string }
  | {
      readonly type: 'proofRecorded';
      readonly proof: string;
      readonly clock: ProofClock;
      readonly outcome: 'proven' | 'missed';
      readonly statement: string;
      readonly missing: readonly string[];
    }
  | ({
      readonly type: 'rehearsalRecorded';
      /** Until when it is of use to somebody who asks for one. */
      readonly expiresAtMs: number;
    } & RehearsalRecord)
  | {
      readonly type: 'instanceRetired';
      readonly environment: string;
      readonly instance: string;
      /** Absent in events of earlier releases: whoever has the name. */
      readonly service?: string;
    }
  /** All instances that last spoke with the token. */
  | { readonly type: 'tokenRetired'; readonly environment: string; readonly token: string }
  | { readonly type: 'tokenIssued'; readonly token: TokenGrant }
  | { readonly type: 'tokenRevoked'; readonly token: string }
  | ({ readonly type: 'stateRecorded' } & StateRecord)
  /** The one event that may leave positions out: those from `after` to `through`. */
  | ({ readonly type: 'lossAccepted' } & LossRecord);

/** An event in its place: `hash` = SHA-256 of `previousHash` + '\n' + the body's text, in hex. */
export interface LogEvent {
  readonly position: number;
  readonly previousHash: string;
  readonly hash: string;
  readonly body: EventBody;
}
