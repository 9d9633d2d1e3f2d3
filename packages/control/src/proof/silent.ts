import { instanceKey } from '../telemetry/instance/instance-key.ts';
import type { InstanceState } from '../telemetry/instance/types.ts';
import type { TreatmentUse } from '../telemetry/rollout/types.ts';
import { counted } from './counted.ts';
import { gone, instancesOf } from './instances-of.ts';
import { missingInstance } from './missing-instance.ts';
import { reachedAt, whyNotSent } from './reached.ts';
import { senderSilence } from './senders.ts';
import { unreadableBy } from './unreadable.ts';
import type { ClockFinding, MissingProof, ProofInput } from './types.ts';

/** A request that began before the acknowledgement may still use treatment for so long. */
const TOLERATED_MS = 30_000;
const MIN_REPORTS = 2;

/**
 * Silent: from each acking instance at least two reports made under the version were received, and
 * none told of a use of treatment later than 30 s after it. Lost reports (a gap in the sequence)
 * prove nothing, so two must follow the last gap. An instance that used treatment later than allowed
 * is silent again once two more reports came without a use, and the statement keeps saying so.
 * Clients that report no exposures are proven only as sent.
 */
export function silent(input: ProofInput): ClockFinding {
  const instances = instancesOf(input);
  const uses = usesOf(input);
  const missing: MissingProof[] = [];
  const late: string[] = [];
  let silentCount = 0;
  let sentOnly = 0;
  for (const instance of instances.present) {
    if (instance.class === 'ephemeral') continue;
    const reporting =
      instance.class === 'acking' && instance.reportsExposures && uses !== undefined;
    const found = reporting
      ? reportedSilence(instance, uses.get(instanceKey(instance.service, instance.id)), input)
      : sentSilence(instance, input);
    if (found.missing !== undefined) missing.push(found.missing);
    else if (reporting) silentCount += 1;
    else sentOnly += 1;
    if (found.late) late.push(instance.id);
  }
  const senders = senderSilence(input);
  missing.push(...senders.missing);
  const statement = [
    missing.length === 0
      ? `${counted(silentCount, 'instance', 'instances')} reported at least twice without treatment after acknowledging.`
      : `${counted(missing.length, 'instance is', 'instances are')} not yet known to be silent.`,
    ...(sentOnly > 0 ? [sentOnlyText(sentOnly)] : []),
    ...(late.length > 0 ? [`Later than allowed, treatment was used by: ${late.join(', ')}.`] : []),
  ].join(' ');
  const unread = unreadableBy(instances.present, input);
  const told = `${statement}${unread}${senders.statement}${gone(instances)}`;
  return { proven: missing.length === 0, statement: told, missing };
}

function sentOnlyText(count: number): string {
  return count === 1
    ? '1 reports no exposures of it and is proven only as sent.'
    : `${count} report no exposures of it and are proven only as sent.`;
}

/** Undefined where no rollout's exposures are reported: a flag without one is proven as sent. */
function usesOf({ proof, telemetry }: ProofInput): ReadonlyMap<string, TreatmentUse> | undefined {
  return proof.rollout === undefined
    ? undefined
    : telemetry.rollouts.get(proof.rollout)?.treatmentUse;
}

interface Silence {
  readonly missing?: MissingProof;
  readonly late: boolean;
}

function reportedSilence(
  instance: InstanceState,
  use: TreatmentUse | undefined,
  input: ProofInput,
): Silence {
  const { proof } = input;
  const acknowledged = reachedAt(instance, proof.version);
  if (acknowledged === undefined) {
    const why = 'has not acknowledged the version';
    return { missing: missingInstance(instance, why, input), late: false };
  }
  const late = use !== undefined && use.atMs > acknowledged.atMs + TOLERATED_MS;
  if (late && reportsSince(instance, use) < MIN_REPORTS) {
    const afterMs = use.atMs - acknowledged.atMs;
    const why = `used treatment ${Math.round(afterMs / 1_000)} s after its acknowledgement`;
    return { missing: missingInstance(instance, why, input), late };
  }
  const received = reportsUnder(instance, proof.version);
  if (received < MIN_REPORTS) {
    const why = `${received} of ${MIN_REPORTS} reports received since its acknowledgement`;
    return { missing: missingInstance(instance, why, input), late };
  }
  const gap = instance.gaps.findLast(([, to]) => to > acknowledged.lastSequence);
  if (gap !== undefined && instance.lastSequence - gap[1] < MIN_REPORTS) {
    const why = `reports ${gap[0]} to ${gap[1]} were not received`;
    return { missing: missingInstance(instance, why, input), late };
  }
  return { late };
}

/** Numbers given since the report of a use; one that counts anew has to show as many of its own. */
function reportsSince({ run = 0, runBase = 0, lastSequence }: InstanceState, use: TreatmentUse) {
  return lastSequence - ((use.run ?? 0) === run ? use.sequence : runBase);
}

/** Reports that were made under the version or a later one. */
function reportsUnder({ acknowledged }: InstanceState, version: number): number {
  return acknowledged.reduce(
    (sum, known) => sum + (known.version >= version ? known.reports : 0),
    0,
  );
}

function sentSilence(instance: InstanceState, input: ProofInput): Silence {
  const isAcking = instance.class === 'acking';
  const acknowledged = isAcking && reachedAt(instance, input.proof.version) !== undefined;
  const unacknowledged = acknowledged ? undefined : 'has not been given the version';
  const why = isAcking ? unacknowledged : whyNotSent(instance, input);
  return why === undefined
    ? { late: false }
    : { missing: missingInstance(instance, why, input), late: false };
}
