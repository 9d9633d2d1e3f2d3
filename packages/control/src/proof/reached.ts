import { refusedBy } from '../telemetry/instance/reading.ts';
import type { InstanceState } from '../telemetry/instance/types.ts';
import { gone, instancesOf } from './instances-of.ts';
import { missingInstance } from './missing-instance.ts';
import { versionlessStatement } from './senders.ts';
import { unreadableBy } from './unreadable.ts';
import type { ClockFinding, MissingProof, ProofInput } from './types.ts';

/**
 * Reached: every live instance acknowledged a version at or past the rollback's. Streams that do not
 * acknowledge count as sent, polling clients by the version they last fetched; ephemeral ones hold no
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
  const present = summary(instances.present, version);
  const statement = `${present}${unreadableBy(instances.present, input)}${versionlessStatement(input)}${gone(instances)}`;
  return { proven: true, statement, missing };
}

/** When an instance is first known to have used the version or a later one. */
export function reachedAt(instance: InstanceState, version: number) {
  return instance.acknowledged.find((acknowledged) => acknowledged.version >= version);
}

/** Whether a stream or poll was given the version, though nobody knows if it is in use. */
export function wasSent(instance: InstanceState, { proof }: ProofInput): boolean {
  const { stream, polled } = instance;
  if (polled !== undefined && polled.version >= proof.version) return true;
  // A stream that was open when the version was made was sent it, or was opened with it later.
  return stream?.open === true || (stream !== undefined && stream.version >= proof.version);
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
  if (wasSent(instance, input)) return undefined;
  if (instance.class === 'sent') return missingInstance(instance, 'its stream is closed', input);
  const fetched = instance.polled?.version ?? 'none';
  return missingInstance(instance, `last fetched version ${fetched}`, input);
}

function refusal(instance: InstanceState): string {
  const refused = refusedBy(instance);
  if (refused === undefined) return '';
  const version = refused.version === undefined ? 'a version' : `version ${refused.version}`;
  return `refuses ${version}: ${refused.why}; `;
}

function summary(present: readonly InstanceState[], version: number): string {
  const count = (of: InstanceState['class']) => present.filter((each) => each.class === of).length;
  if (present.length === 0) return 'No instance is live.';
  const parts = [`${count('acking')} instances acknowledged version ${version} or a later one`];
  if (count('sent') > 0) parts.push(`${count('sent')} streams were sent it (not acknowledged)`);
  if (count('polling') > 0) parts.push(`${count('polling')} polling clients fetched it`);
  if (count('ephemeral') > 0) {
    parts.push(`${count('ephemeral')} ephemeral clients are bounded by their cache lifetime only`);
  }
  return `${parts.join('; ')}.`;
}
