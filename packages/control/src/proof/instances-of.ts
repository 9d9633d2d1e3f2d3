import type { InstanceState } from '../telemetry/instance/types.ts';
import { environmentKey } from '../telemetry/state.ts';
import type { ProofInput } from './types.ts';

interface ProofInstances {
  /** Instances that the proof must account for. */
  readonly present: readonly InstanceState[];
  /** Those that left after the proof was opened without a goodbye: presumed gone, or said to be. */
  readonly presumedGone: readonly InstanceState[];
  readonly retired: readonly InstanceState[];
}

/** The environment's instances: one leaves by goodbye, by an operator's word or as presumed gone. */
export function instancesOf({ proof, telemetry }: ProofInput): ProofInstances {
  const known = telemetry.environments.get(environmentKey(proof))?.instances.values() ?? [];
  const all = [...known];
  const leftSince = (why: 'presumed' | 'operator') =>
    all.filter(({ left }) => left?.why === why && left.atMs >= proof.openedAtMs);
  return {
    present: all.filter(({ left }) => left === undefined),
    presumedGone: leftSince('presumed'),
    retired: leftSince('operator'),
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
