import { refusedBy } from '../telemetry/instance/reading.ts';
import type { InstanceState } from '../telemetry/instance/types.ts';
import { counted } from './counted.ts';
import { gone, instancesOf, type ProofInstances } from './instances-of.ts';
import { missingInstance } from './missing-instance.ts';
import { versionlessStatement } from './senders.ts';
import { unreadableBy } from './unreadable.ts';
import type { ClockFinding, MissingProof, ProofInput } from './types.ts';

/**
 * Reached: every live instance acknowledged a version at or past the rollback's. Streams that do not
 * acknowledge count once all of it was written to them, polling clients by the version they last fetched; ephemeral ones hold no
 * version for longer than their cache lifetime and are not waited for.
 */
export function reached(input: ProofInput): ClockFinding {
  const { version } = input.proof;
  const instances = instancesOf(input);
  const missing = instances.present.flatMap((instance) => missingOf(instance, input) ?? []);
  const count = instances.present.length - missing.length;
  if (missing.length > 0) {
    const statement = `${count} of ${instances.present.length} instances have version ${version}.${gone(instances)}`;
    return { proven: false, statement, missing };
  }
  const present = summary(instances, version);
  const statement = `${present}${unreadableBy(instances.present, input)}${versionlessStatement(input)}${gone(instances)}`;
  return { proven: true, statement, missing };
}

/** When an instance is first known to have used the version or a later one. */
export function reachedAt(instance: InstanceState, version: number) {
  return instance.acknowledged.find((acknowledged) => acknowledged.version >= version);
}

/**
 * Why a stream or poll cannot be said to have been given the version; undefined where it was given it, though nobody
 * knows if it was read, or is in use. Given it was a stream of which the server has handed over every byte.
 */
export function whyNotSent(instance: InstanceState, { proof }: ProofInput): string | undefined {
  const { stream, polled } = instance;
  if (polled !== undefined && polled.version >= proof.version) return undefined;
  if (stream === undefined) return `last fetched version ${polled?.version ?? 'none'}`;
  const { open, written = 0, stalledSinceMs } = stream;
  if (written >= proof.version) return undefined;
  if (stalledSinceMs !== undefined) {
    const since = new Date(stalledSinceMs).toISOString();
    return open
      ? `its stream reads nothing since ${since}`
      : `its stream read nothing since ${since} and is closed`;
  }
  return open ? 'its stream has not taken the version yet' : 'its stream is closed';
}

function missingOf(instance: InstanceState, input: ProofInput): MissingProof | undefined {
  const { version } = input.proof;
  if (instance.class === 'ephemeral') return undefined;
  if (instance.class === 'acking') {
    if (reachedAt(instance, version) !== undefined) return undefined;
    const last = instance.acknowledged.at(-1)?.version ?? 'none';
    const why = `${refusal(instance)}last acknowledged version ${last}`;
    return missingInstance(instance, why, input);
  }
  const why = whyNotSent(instance, input);
  return why === undefined ? undefined : missingInstance(instance, why, input);
}

function refusal(instance: InstanceState): string {
  const refused = refusedBy(instance);
  if (refused === undefined) return '';
  const version = refused.version === undefined ? 'a version' : `version ${refused.version}`;
  return `refuses ${version}: ${refused.why}; `;
}

function summary({ present, notConcerned }: ProofInstances, version: number): string {
  const count = (of: InstanceState['class']) => present.filter((each) => each.class === of).length;
  if (present.length === 0) {
    return notConcerned.length === 0
      ? 'No instance is live.'
      : 'No instance that evaluates it is live.';
  }
  const acking = counted(count('acking'), 'instance', 'instances');
  const parts = [`${acking} acknowledged version ${version} or a later one`];
  if (count('sent') > 0)
    parts.push(
      `${counted(count('sent'), 'stream was', 'streams were')} written it (not acknowledged: whether it was read is not known)`,
    );
  if (count('polling') > 0) {
    parts.push(`${counted(count('polling'), 'polling client', 'polling clients')} fetched it`);
  }
  if (count('ephemeral') > 0) {
    const ephemeral = counted(count('ephemeral'), 'ephemeral client is', 'ephemeral clients are');
    parts.push(`${ephemeral} bounded by the cache lifetime only`);
  }
  return `${parts.join('; ')}.`;
}
