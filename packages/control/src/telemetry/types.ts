import type { Acknowledgement, Goodbye, TelemetryReport } from '@downhaul/engine';
import type { ExcludedSource } from '../rollout/excluded-source.ts';
import type { RolloutState } from '../rollout/types.ts';
import type { CountedBody } from './counted/types.ts';
import type { ToldLoss } from './losses/types.ts';

/**
 * One row of the intake: the second durable input, numbered in commit order without gaps. Everything
 * derived from telemetry is a pure fold of these rows, so every replica and every restart agrees.
 * Reports are stored after validation and clock correction: all times are the store's.
 */
export type IntakeRow = { readonly sequence: number; readonly atMs: number } & IntakeBody;

export type IntakeBody =
  | {
      readonly type: 'report';
      readonly scope: TelemetryScope;
      readonly report: TelemetryReport;
      /** What was added to the report's times; absent: nothing. */
      readonly clockCorrectionMs?: number;
      /** What was dropped of it; absent: nothing. */
      readonly losses?: readonly ToldLoss[];
      /** Run of the instance that the report is of; absent: the first. */
      readonly run?: number;
    }
  | {
      readonly type: 'acknowledgement';
      readonly scope: TelemetryScope;
      readonly acknowledgement: Acknowledgement;
    }
  | { readonly type: 'goodbye'; readonly scope: TelemetryScope; readonly goodbye: Goodbye }
  /** A stream opened or closed by an instance, or a poll of a version. */
  | {
      readonly type: 'contact';
      readonly scope: TelemetryScope;
      readonly instance: string;
      readonly contact: 'streamOpened' | 'streamClosed' | 'polled';
      readonly version: number;
      /** Of a stream: names the connection among all that there ever were. Absent in rows of earlier releases. */
      readonly connection?: string;
      /** Of a stream: as in `StreamStanding`. */
      readonly written?: number;
      readonly stalledSinceMs?: number;
    }
  /** What open streams were written, as the replica that holds them knows it; told while a proof waits for it. */
  | {
      readonly type: 'streamsWritten';
      readonly project: string;
      readonly environment: string;
      readonly streams: readonly StreamStanding[];
    }
  /** Requests counted by a source of another make, see `counted/`. */
  | ({ readonly type: 'counted'; readonly scope: TelemetryScope } & CountedBody)
  /** Written once per rollout and batch when its grace is over; it closes the batch for ever. */
  | {
      readonly type: 'batchClosed';
      readonly rollout: string;
      readonly batch: number;
      readonly endMs: number;
    }
  /** A rollout's life as the fold needs it, written in the same order as telemetry. */
  | { readonly type: 'rolloutChanged'; readonly change: RolloutChange }
  /** An instance declared gone by an operator, or presumed gone after `instanceExpiry`. */
  | {
      readonly type: 'instanceLeft';
      readonly project: string;
      readonly environment: string;
      /** Absent in rows of earlier releases: whoever has the name. */
      readonly service?: string;
      readonly instance: string;
      readonly why: 'operator' | 'presumed';
    }
  /** An operator's word that everything that last spoke with a token is gone. */
  | {
      readonly type: 'tokenRetired';
      readonly project: string;
      readonly environment: string;
      readonly token: string;
    };

/** What the sender's token is bound to. */
/** How far one stream is. */
export interface StreamStanding {
  readonly service: string;
  readonly instance: string;
  readonly connection: string;
  /**
   * Newest version of which every byte was handed to the operating system, 0 before the first. Whether it was read is
   * not known: buffers on the way hold much.
   */
  readonly written: number;
  /** Store time since when the stream has taken nothing of what waits for it; absent while it keeps up. */
  readonly stalledSinceMs?: number;
}

export interface TelemetryScope {
  readonly project: string;
  readonly environment: string;
  readonly service: string;
  /** Its id; absent in rows of earlier releases, and where no token is behind it. */
  readonly token?: string;
}

/** Copies of control events that open, move or end the measuring of a rollout. */
export interface RolloutChange {
  /** Log position of the event: rows repeat none and skip none. */
  readonly position: number;
  readonly rollout: RolloutState;
  /** Services that the flag says it affects; absent: as the change before had them. */
  readonly affects?: readonly string[];
  /** Sources that do not count; absent: as the change before had them. */
  readonly excluded?: readonly ExcludedSource[];
}
