import type { Acknowledgement } from '@downhaul/engine';
import type { EnvironmentTelemetry } from '../state.ts';
import type { IntakeRow, StreamStanding, TelemetryScope } from '../types.ts';
import { instanceKey } from './instance-key.ts';
import { makeRoom } from './leaving.ts';
import { EPHEMERAL_PREFIX, type InstanceState, type InstanceStream } from './types.ts';

const MAX_ACKNOWLEDGED = 64;

/** The instance of a row, made when it is first heard of. */
export function heardFrom(
  environment: EnvironmentTelemetry,
  id: string,
  { scope, atMs }: { readonly scope: TelemetryScope; readonly atMs: number },
): InstanceState {
  const key = instanceKey(scope.service, id);
  let instance = environment.instances.get(key);
  if (instance === undefined) {
    instance = {
      id,
      service: scope.service,
      class: id.startsWith(EPHEMERAL_PREFIX) ? 'ephemeral' : 'polling',
      firstContactAtMs: atMs,
      lastContactAtMs: atMs,
      acknowledged: [],
      reportsExposures: false,
      capabilities: [],
      lastSequence: 0,
      reportsReceived: 0,
      gaps: [],
      throughMs: 0,
      awaited: [],
      dropped: 0,
    };
    makeRoom(environment);
    environment.instances.set(key, instance);
  }
  instance.lastContactAtMs = Math.max(instance.lastContactAtMs, atMs);
  return instance;
}

/** The token that an instance uses now: a renewed one is followed, whichever that was. */
export function noteToken(instance: InstanceState, { token }: TelemetryScope): void {
  if (token !== undefined) instance.token = token;
}

/** What is said so soon after a goodbye was under way when that was said, or the clocks cannot tell. */
const GOODBYE_TOLERANCE_MS = 1_000;

/**
 * Whoever speaks after others said it was gone is not gone. A goodbye is the instance's own word: what arrives
 * after that was mostly under way before. What was certainly said later is of an instance that goes on, and no
 * proof may overlook it. `saidAtMs` is when it was said, on the store's clock; absent: nobody knows.
 */
export function revive(instance: InstanceState, saidAtMs?: number): void {
  const { left } = instance;
  if (left === undefined) return;
  const isLate = saidAtMs === undefined || saidAtMs <= left.atMs + GOODBYE_TOLERANCE_MS;
  if (left.why === 'goodbye' && isLate) return;
  delete instance.left;
}

/** An instance that asks for snapshots now is there, whatever it said before. */
function isBack(instance: InstanceState): void {
  delete instance.left;
}

/** A version in use, by the instance's own word. Versions below one known already say nothing new. */
export function acknowledgeVersion(instance: InstanceState, version: number, atMs: number): void {
  if (instance.class !== 'ephemeral') instance.class = 'acking';
  const last = instance.acknowledged.at(-1);
  if (last !== undefined && version <= last.version) return;
  instance.acknowledged.push({
    version,
    atMs,
    reports: 0,
    lastSequence: instance.lastSequence,
  });
  if (instance.acknowledged.length > MAX_ACKNOWLEDGED) instance.acknowledged.shift();
}

/**
 * Counts a report for the version it was made under. One that was delayed from before a version says
 * nothing about it, and one that is itself the first word of a version is its acknowledgement.
 */
export function countReport(instance: InstanceState, version: number): void {
  const under = instance.acknowledged.findLast((known) => known.version <= version);
  if (under !== undefined) under.reports += 1;
}

/** What an acknowledgement says beyond the version. */
export function describeSdk(instance: InstanceState, acknowledgement: Acknowledgement): void {
  instance.sdk = acknowledgement.sdk;
  instance.capabilities = acknowledgement.capabilities;
  instance.reportsExposures = acknowledgement.reportsExposures;
}

/** A stream opened or closed, or a poll: how clients of other makes are known. */
export function foldContact(
  environment: EnvironmentTelemetry,
  row: Extract<IntakeRow, { type: 'contact' }>,
): void {
  const { contact, version } = row;
  const instance = heardFrom(environment, row.instance, row);
  // A stream of a token that was renewed closes after the new one has spoken.
  if (contact !== 'streamClosed') noteToken(instance, row.scope);
  if (contact === 'polled') {
    isBack(instance);
    instance.polled = { version, atMs: row.atMs };
    return;
  }
  if (instance.class === 'polling') instance.class = 'sent';
  foldStream(instance, row);
}

function foldStream(instance: InstanceState, row: Extract<IntakeRow, { type: 'contact' }>): void {
  const { contact } = row;
  const { connection: known, open: wasOpen = false } = instance.stream ?? {};
  const { connection } = row;
  const isOther = known !== undefined && connection !== undefined && known !== connection;
  const isOpening = contact === 'streamOpened' && row.written === undefined;
  // One that was replaced says nothing any more: it closes, or is said to be open, after the new one was opened.
  if (isOther && !isOpening) return;
  // That an open stream is still open is said again and again, also of one whose end was not noticed yet.
  if (contact === 'streamOpened' && wasOpen && !isOther) revive(instance);
  else if (contact === 'streamOpened') isBack(instance);
  instance.stream = streamOf(row, isOther ? undefined : instance.stream);
}

function streamOf(
  { contact, version, atMs, connection, ...row }: Extract<IntakeRow, { type: 'contact' }>,
  before: InstanceStream | undefined,
): InstanceStream {
  const open = contact === 'streamOpened';
  const isSame = connection !== undefined && before?.connection === connection;
  const written = row.written ?? (isSame ? before.written : undefined);
  const { stalledSinceMs } = row;
  return {
    open,
    version,
    atMs,
    ...(connection === undefined ? {} : { connection }),
    ...(written === undefined ? {} : { written }),
    ...(stalledSinceMs === undefined ? {} : { stalledSinceMs }),
  };
}

/** How far streams are. One that was replaced meanwhile says nothing of the instance any more. */
export function foldStreamsWritten(
  { instances }: EnvironmentTelemetry,
  { streams }: Extract<IntakeRow, { type: 'streamsWritten' }>,
): void {
  for (const standing of streams) {
    const { service, instance: id, connection } = standing;
    const instance = instances.get(instanceKey(service, id));
    if (instance?.stream?.connection !== connection) continue;
    instance.stream = writtenTo(instance.stream, standing);
  }
}

function writtenTo(
  { stalledSinceMs: _before, ...stream }: InstanceStream,
  { written, stalledSinceMs }: StreamStanding,
): InstanceStream {
  return { ...stream, written, ...(stalledSinceMs === undefined ? {} : { stalledSinceMs }) };
}
