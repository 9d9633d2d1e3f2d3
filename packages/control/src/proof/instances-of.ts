import type { InstanceState } from '../telemetry/instance/types.ts';
import { environmentKey } from '../telemetry/state.ts';
import { isCutOff } from './missing-instance.ts';
import type { ProofInput } from './types.ts';

interface ProofInstances {
  /** Instances that the proof must account for. */
  readonly present: readonly InstanceState[];
  /** Those that left after the proof was opened without a goodbye: presumed gone, or said to be. */
  readonly presumedGone: readonly InstanceState[];
  readonly retired: readonly InstanceState[];
}

/** One that was cut off cannot come back to say that it still serves: proofs tell of it for a day. */
const CUT_OFF_TOLD_MS = 86_400_000;

/** The environment's instances: one leaves by goodbye, by an operator's word or as presumed gone. */
export function instancesOf(input: ProofInput): ProofInstances {
  const { proof, telemetry } = input;
  const known = telemetry.environments.get(environmentKey(proof))?.instances.values() ?? [];
  const all = [...known];
  return {
    present: all.filter(({ left }) => left === undefined),
    presumedGone: all.filter(
      (each) =>
        each.left?.why === 'presumed' &&
        each.left.atMs >= proof.openedAtMs - (isCutOff(each, input) ? CUT_OFF_TOLD_MS : 0),
    ),
    retired: all.filter(({ left }) => left?.why === 'operator' && left.atMs >= proof.openedAtMs),
  };
}

/** What the statement must say of those who left without their own word. */
export function gone({ presumedGone, retired }: ProofInstances): string {
  const parts: string[] = [];
  if (presumedGone.length > 0) parts.push(` Presumed gone: ${names(presumedGone)}.`);
  if (retired.length > 0) parts.push(` Gone by an operator's word: ${names(retired)}.`);
  return parts.join('');
}

function names(instances: readonly InstanceState[]): string {
  return instances.map(({ id }) => id).join(', ');
}
