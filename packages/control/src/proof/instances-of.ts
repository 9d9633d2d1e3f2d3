import { type Concern, isConcerned } from '../telemetry/instance/concerned.ts';
import type { InstanceState } from '../telemetry/instance/types.ts';
import { environmentKey } from '../telemetry/state.ts';
import { isCutOff } from './missing-instance.ts';
import type { ProofInput } from './types.ts';

export interface ProofInstances {
  /** Instances that the proof must account for. */
  readonly present: readonly InstanceState[];
  /** Live, of services that do not evaluate the flag, and so far as they told: nobody waits for them. */
  readonly notConcerned: readonly InstanceState[];
  /** Those that left after the proof was opened without a goodbye: presumed gone, or said to be. */
  readonly presumedGone: readonly InstanceState[];
  readonly retired: readonly InstanceState[];
}

/** One that was cut off cannot come back to say that it still serves: proofs tell of it for a day. */
const CUT_OFF_TOLD_MS = 86_400_000;
const SILENT_INTERVALS = 3;

/** The instances of the flag's services: one leaves by goodbye, by an operator's word or as presumed gone. */
export function instancesOf(input: ProofInput): ProofInstances {
  const { proof, telemetry } = input;
  const environment = telemetry.environments.get(environmentKey(proof));
  if (environment === undefined) return NOBODY;
  const concern = concernOf(input);
  const everybody = [...environment.instances.values()];
  const live = everybody.filter(({ left }) => left === undefined);
  const isOurs = (instance: InstanceState) =>
    isConcerned(environment, instance, concern) || mayStillTell(instance, input);
  const all = everybody.filter((each) => isConcerned(environment, each, concern));
  return {
    present: live.filter(isOurs),
    notConcerned: live.filter((each) => !isOurs(each)),
    presumedGone: all.filter(
      (each) =>
        each.left?.why === 'presumed' &&
        each.left.atMs >= proof.openedAtMs - (isCutOff(each, input) ? CUT_OFF_TOLD_MS : 0),
    ),
    retired: all.filter(({ left }) => left?.why === 'operator' && left.atMs >= proof.openedAtMs),
  };
}

const NOBODY: ProofInstances = { present: [], notConcerned: [], presumedGone: [], retired: [] };

function concernOf({ proof, telemetry, affects = [], dependants = [] }: ProofInput): Concern {
  const rollout = proof.rollout === undefined ? undefined : telemetry.rollouts.get(proof.rollout);
  return {
    flags: [proof.flag, ...dependants],
    services: [...affects, ...(rollout?.affects ?? []), ...(rollout?.baselineServices ?? [])],
  };
}

/**
 * What an instance evaluated just before the rollback it tells with its next report. One that has the
 * version has nothing left to tell, and one whose reports have stopped is not waited for.
 */
function mayStillTell(instance: InstanceState, { proof, telemetry, nowMs }: ProofInput): boolean {
  const { acknowledged, throughMs, lastReportAtMs = 0 } = instance;
  if (throughMs >= proof.openedAtMs || (acknowledged.at(-1)?.version ?? 0) >= proof.version) {
    return false;
  }
  return nowMs - lastReportAtMs < SILENT_INTERVALS * telemetry.options.reportIntervalMs;
}

/** How many are not waited for, for the end of a statement. */
function notWaitedFor({ notConcerned }: ProofInstances): string {
  if (notConcerned.length === 0) return '';
  const services = [...new Set(notConcerned.map(({ service }) => service))].join(', ');
  return ` Not concerned, as they do not evaluate it: ${notConcerned.length} of ${services}.`;
}

/** What the statement must say of those who left without their own word, and of those not waited for. */
export function gone(instances: ProofInstances): string {
  const { presumedGone, retired } = instances;
  const parts: string[] = [];
  if (presumedGone.length > 0) parts.push(` Presumed gone: ${names(presumedGone)}.`);
  if (retired.length > 0) parts.push(` Gone by an operator's word: ${names(retired)}.`);
  return parts.join('') + notWaitedFor(instances);
}

function names(instances: readonly InstanceState[]): string {
  return instances.map(({ id }) => id).join(', ');
}
