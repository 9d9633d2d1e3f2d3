import type { Acknowledgement } from '@downhaul/engine';
import type { EnvironmentTelemetry } from '../state.ts';
import type { IntakeRow, TelemetryScope } from '../types.ts';
import { instanceKey } from './instance-key.ts';
import { EPHEMERAL_PREFIX, type InstanceState } from './types.ts';

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
    environment.instances.set(key, instance);
  }
  instance.lastContactAtMs = Math.max(instance.lastContactAtMs, atMs);
  return instance;
}

/** The token that an instance uses now: a renewed one is followed, whichever that was. */
export function noteToken(instance: InstanceState, { token }: TelemetryScope): void {
  if (token !== undefined) instance.token = token;
}

/**
 * Whoever speaks after others said it was gone is not gone. A goodbye is the instance's own word: what
 * arrives after that was under way before.
 */
export function revive(instance: InstanceState): void {
  if (instance.left !== undefined && instance.left.why !== 'goodbye') delete instance.left;
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
    revive(instance);
    instance.polled = { version, atMs: row.atMs };
    return;
  }
  if (contact === 'streamOpened') revive(instance);
  instance.stream = { open: contact === 'streamOpened', version, atMs: row.atMs };
  if (instance.class === 'polling') instance.class = 'sent';
}
