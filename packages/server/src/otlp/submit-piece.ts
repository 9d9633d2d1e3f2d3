import { createHash } from 'node:crypto';
import {
  acceptOtlp,
  type IntakeBody,
  type Joined,
  senderCorrection,
  type TelemetryScope,
} from '@downhaul/control';
import type { Admission } from '../intake/admission.ts';
import type { Intake } from '../intake/intake.ts';
import type { ControlLog } from '../log/control-log.ts';
import type { Metrics } from '../metrics/registry.ts';
import type { LogStore } from '../store/contract.ts';
import type { Answer } from './answer.ts';
import { newestMsOf, type Piece } from './pieces.ts';
import type { Told } from './told.ts';

export interface ReceiverInput {
  readonly store: Pick<LogStore, 'nowMs' | 'space'>;
  readonly log: ControlLog;
  readonly intake: Intake;
  readonly metrics: Metrics;
  readonly admission: Admission;
}

interface Clock extends ReturnType<typeof senderCorrection> {
  /** When the export was received. */
  readonly nowMs: number;
  /** The newest time that was told of, on the process's own clock. */
  readonly newestMs: number | undefined;
}

/** What is known of the clock that all times of an export are from. */
export function clockOf(
  { store, intake }: ReceiverInput,
  scope: TelemetryScope,
  told: Told,
): Clock {
  const nowMs = store.nowMs();
  const newestMs = newestMsOf(told, nowMs);
  if (newestMs === undefined) return { nowMs, newestMs, placeMs: 0, provenMs: 0 };
  const { instance, isNamed } = told;
  const from = { scope, instance, isNamed };
  const at = { differenceMs: nowMs - newestMs, receivedAtMs: nowMs };
  return { nowMs, newestMs, ...senderCorrection(intake.state, from, at) };
}

interface Submitted {
  readonly scope: TelemetryScope;
  readonly told: Told;
  /** As it came, and on the server's clock. */
  readonly piece: Piece;
  readonly placed: Piece;
  readonly clock: Clock;
  readonly joined: readonly Joined[];
  readonly answer: Answer;
}

/** Resolves when the row of a piece is stored, if there is anything to store. */
export async function submitPiece(
  { log, intake, metrics }: ReceiverInput,
  { scope, told, piece, placed, clock, joined, answer }: Submitted,
): Promise<void> {
  const { nowMs, newestMs, placeMs, provenMs } = clock;
  const environment = log.state.projects.get(scope.project)?.environments.get(scope.environment);
  const { body, dropped, refusals } = acceptOtlp(intake.state, {
    scope,
    instance: told.instance,
    joined,
    requests: piece.isLast ? told.requests : [],
    points: placed.points,
    refused: piece.isLast ? told.refused : [],
    throughMs: piece.isLast && newestMs !== undefined ? newestMs + provenMs : 0,
    ...(told.isNamed && newestMs !== undefined ? { differenceMs: nowMs - newestMs } : {}),
    placeMs,
    unprovenMs: placeMs - provenMs,
    unitSalt: environment?.unitSalt ?? '',
    receivedAtMs: nowMs,
  });
  for (const [cause, items] of Object.entries(dropped)) {
    metrics.count('downhaul_otlp_items_dropped_total', items, { cause });
  }
  for (const [text, items] of refusals) answer.refuse(text, items);
  if (body === undefined) return;
  const row: IntakeBody = { type: 'counted', scope, ...body };
  const once = onceOf(scope, told, piece);
  // The memory has taken it, so a repeated export does not bring it again.
  await intake.submit({ body: row, isKept: true, ...(once === undefined ? {} : { once }) });
}

/**
 * Spans and records that are sent again, also after a restart, have the same ids and times: the store knows them by
 * their digest. Points are known by their series, which the fold keeps.
 */
function onceOf(
  { project, environment, service }: TelemetryScope,
  { instance }: Told,
  { evaluations, requests, isLast }: Piece,
) {
  if (evaluations.length + requests.length === 0) return undefined;
  const content = JSON.stringify([instance, evaluations, requests, isLast]);
  const digest = createHash('sha256').update(content).digest('base64url');
  return { source: `otlp ${project}/${environment}/${service} ${digest}`, sequence: 0 };
}
