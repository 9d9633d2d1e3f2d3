import type { Said } from '../document/said-by.ts';
import type { FlagDefinition } from '../flag/types.ts';
import type { MetricDefinition } from '../metric/types.ts';
import type { Plan } from '../plan/types.ts';
import type { RehearsalRecord } from '../rehearsal/record/types.ts';
import type { SourceName } from '../rollout/excluded-source.ts';
import type { Cause, FrozenFigures } from '../rollout/types.ts';
import type { Condition } from '@downhaul/engine';

/** Who acts. The controller acts as `{ kind: 'controller', id: 'controller' }`. */
export interface Actor {
  readonly kind: 'person' | 'service' | 'controller';
  /** Stable and of nobody else: the id of the token. In events of earlier releases the token's name. */
  readonly id: string;
  /** Its name at that time, for people to read; several may have the same. */
  readonly name?: string;
}

/** A page outside the chain (invariant 11), named by an HMAC under its own nonce. */
export interface PageReference {
  readonly page: string;
  readonly mac: string;
}

/** What every command carries. Ids, randomness and pages are made by the caller. */
export interface Envelope {
  readonly project: string;
  readonly actor: Actor;
  readonly correlationId: string;
  readonly idempotencyKey: string;
  /** The why of a person, kept as a page. */
  readonly justification?: PageReference;
  /** Versions the client read, by subject (`flag:new-checkout`, `segment:x`, `rollout:…`). */
  readonly expectedVersions?: Readonly<Record<string, number>>;
}

export type Command = Envelope & CommandBody;

export type CommandBody =
  | { readonly type: 'createProject'; readonly key: string }
  | {
      readonly type: 'createEnvironment';
      readonly key: string;
      readonly owner: string;
      readonly order: number;
      readonly unitSalt: string;
    }
  | PutBody
  | {
      readonly type: 'putDocuments';
      /** In any order: each is put when what it names is there. */
      readonly documents: readonly PutBody[];
    }
  | {
      readonly type: 'archiveFlag';
      readonly flag: string;
      readonly atOnce?: boolean;
      /** Live instances that may evaluate the flag, as the caller knows them. */
      readonly evaluatedBy?: readonly string[];
    }
  | { readonly type: 'removeSegment'; readonly segment: string }
  | { readonly type: 'removeMetric'; readonly metric: string }
  | {
      readonly type: 'setOverrides';
      readonly flag: string;
      readonly environment: string;
      readonly page: PageReference;
      readonly count: number;
      /** The variants that are set, each once; absent: they are not known. */
      readonly variants?: readonly string[];
    }
  | {
      readonly type: 'startRollout';
      readonly flag: string;
      readonly environment: string;
      /** A plan, or the key of a named one; absent: as declared. */ readonly plan?: string | Plan;
      readonly to?: string;
      readonly atOnce?: boolean;
      readonly reshuffle?: { readonly salt: string };
    }
  | {
      readonly type: 'advanceRollout';
      readonly flag: string;
      readonly environment: string;
      readonly figures: FrozenFigures;
      readonly evidence?: EvidenceSummary;
      readonly basis?: EvidenceBasis;
    }
  | {
      readonly type: 'holdRollout';
      readonly flag: string;
      readonly environment: string;
      readonly cause: Cause;
      readonly evidence?: EvidenceSummary;
    }
  | {
      readonly type: 'releaseRollout';
      readonly flag: string;
      readonly environment: string;
      readonly evidence?: EvidenceSummary;
      readonly basis?: EvidenceBasis;
    }
  | {
      readonly type: 'pauseRollout';
      readonly flag: string;
      readonly environment: string;
      readonly cause: Cause;
      readonly evidence?: EvidenceSummary;
    }
  | { readonly type: 'resumeRollout'; readonly flag: string; readonly environment: string }
  | {
      readonly type: 'rollbackRollout';
      readonly flag: string;
      readonly environment: string;
      readonly cause: Cause;
      readonly evidence?: EvidenceSummary;
    }
  | {
      readonly type: 'completeRollout';
      readonly flag: string;
      readonly environment: string;
      readonly evidence?: EvidenceSummary;
      readonly basis?: EvidenceBasis;
    }
  | {
      readonly type: 'tightenRollout';
      readonly flag: string;
      readonly environment: string;
      readonly plan: Plan;
    }
  /** Nothing that the source tells counts for the rollouts of the flag from then on. */
  | ({
      readonly type: 'excludeSource';
      readonly flag: string;
      readonly environment: string;
    } & SourceName)
  | ({
      readonly type: 'includeSource';
      readonly flag: string;
      readonly environment: string;
    } & SourceName)
  | { readonly type: 'endWatch'; readonly flag: string; readonly environment: string }
  | { readonly type: 'downFlag'; readonly flag: string; readonly environment: string }
  | { readonly type: 'upFlag'; readonly flag: string; readonly environment: string }
  | {
      readonly type: 'recordProof';
      readonly proof: string;
      readonly clock: ProofClock;
      readonly outcome: 'proven' | 'missed';
      readonly statement: string;
      readonly missing: readonly string[];
    }
  | { readonly type: 'recordRehearsal'; readonly record: RehearsalRecord }
  | {
      readonly type: 'retireInstance';
      readonly environment: string;
      readonly instance: string;
      /** Absent: whoever has the name. */
      readonly service?: string;
    }
  | { readonly type: 'retireToken'; readonly environment: string; readonly token: string }
  | { readonly type: 'issueToken'; readonly token: TokenGrant }
  | { readonly type: 'revokeToken'; readonly token: string }
  | ({ readonly type: 'recordState' } & StateRecord)
  | ({ readonly type: 'acceptLoss' } & LossRecord);

/** Which state was written down, and the hash of what was written: a cache that is not it is not used. */
export interface StateRecord {
  /** Of the control log, or of telemetry. */
  readonly of: 'control' | 'telemetry';
  /** Log position, or sequence of the intake, that the state is the fold of. */
  readonly through: number;
  /** SHA-256 of the stored text, in hex. */
  readonly stateHash: string;
}

/** What a store no longer has, though it was acknowledged: somebody who operates it accepted that. */
export interface LossRecord {
  readonly foundAt: 'start' | 'restore';
  /** The last position that is still there. */
  readonly after: number;
  /** The last position that is known to have been there; the log goes on behind it. */
  readonly through: number;
  /** Chain hash of `through`, as it was. */
  readonly lostHash: string;
  /** The same of the sequence of the intake. */
  readonly telemetry: { readonly after: number; readonly through: number };
}

/** A document that is put, and what it says beside its definition. */
export type PutBody = { readonly said?: Said } & (
  | { readonly type: 'putFlag'; readonly definition: FlagDefinition; readonly atOnce?: boolean }
  | {
      readonly type: 'putSegment';
      readonly key: string;
      readonly if: Condition;
      readonly owner: string;
      readonly atOnce?: boolean;
    }
  | { readonly type: 'putMetric'; readonly metric: MetricDefinition }
  | { readonly type: 'putPlan'; readonly plan: Plan }
);

export type ProofClock = 'reached' | 'silent' | 'recovered';

/** `hash` is SHA-256 of the secret in hex; the secret itself is shown once and never kept. */
export interface TokenGrant {
  readonly id: string;
  readonly name: string;
  readonly hash: string;
  readonly kind: 'admin' | 'person' | 'service' | 'sdk';
  /** Absent: all projects. SDK tokens are bound to project, environment and service. */
  readonly project?: string;
  readonly environment?: string;
  readonly service?: string;
  /** What a person or service account may do; rollback and down need only `view`. */
  readonly rights: readonly ('view' | 'change' | 'admin')[];
}

/**
 * What the evidence behind a command was of. A command that goes up is refused where the rollout at the head of the
 * log is another one, at another stage, or has changed since: its figures would be those of something else.
 */
export interface EvidenceBasis {
  /** Id of the rollout, which names its attempt. */
  readonly rollout: string;
  readonly stage: number;
  /** Log position of the last change of the rollout that the evidence knew. */
  readonly throughPosition: number;
}

/** What a decision of the controller saw, recorded with it (invariant 8). */
export interface EvidenceSummary {
  readonly throughSequence: number;
  readonly judgeVersion: string;
  readonly decidedAtMs: number;
  readonly verdict: 'harmful' | 'safe' | 'inconclusive' | 'blind';
  readonly sentences: readonly string[];
  readonly harm: {
    readonly logE: number;
    readonly limit: number;
    readonly attribution: readonly string[];
  };
  readonly units: { readonly treatment: number; readonly control: number };
}
