import { senderKey, senderName } from '../telemetry/counted/sender.ts';
import type { Sender } from '../telemetry/counted/types.ts';
import type { TreatmentUse } from '../telemetry/rollout/types.ts';
import { environmentKey } from '../telemetry/state.ts';
import { missingProcess } from './missing-instance.ts';
import type { MissingProof, ProofInput } from './types.ts';

/** A request that began before the rollback may still use treatment for so long. */
const TOLERATED_MS = 30_000;

/**
 * Processes that told of the rollout's treatment by OTLP. OTLP names no version in use: what they have is
 * known by what they tell of alone, and the proof says so.
 */
export function versionlessStatement(input: ProofInput): string {
  const names = sendersOf(input).map(({ sender }) => senderName(sender));
  if (names.length === 0) return '';
  return ` Told by OTLP, which names no version in use: ${names.join(', ')}; known by their silence alone.`;
}

/**
 * Their silence: each has told of requests since the rollback, and of none in treatment later than is
 * tolerated, or of none for as long again. One that tells nothing for `instanceExpiry` is presumed gone.
 */
export function senderSilence(input: ProofInput): {
  readonly missing: readonly MissingProof[];
  readonly statement: string;
} {
  const found = sendersOf(input).map((each) => ({ ...each, why: whyNotSilent(input, each) }));
  const missing = found.flatMap(({ sender, why }) =>
    why === undefined ? [] : [missingProcess({ ...sender, name: senderName(sender) }, why, input)],
  );
  const silent = found.filter(({ why }) => why === undefined);
  const names = silent.map(({ sender }) => senderName(sender)).join(', ');
  return {
    missing,
    statement: names === '' ? '' : ` OTLP tells of no more treatment in: ${names}.`,
  };
}

interface Used {
  readonly sender: Sender;
  readonly use: TreatmentUse;
}

function sendersOf({ proof, telemetry, nowMs }: ProofInput): Used[] {
  const uses =
    proof.rollout === undefined ? undefined : telemetry.rollouts.get(proof.rollout)?.treatmentUse;
  const senders = telemetry.environments.get(environmentKey(proof))?.senders.values() ?? [];
  return [...senders].flatMap((sender) => {
    const use = uses?.get(senderKey(sender));
    const gone = nowMs - sender.lastAtMs > telemetry.options.instanceExpiryMs;
    const isGone = gone || sender.retiredAtMs !== undefined;
    return use === undefined || isGone ? [] : [{ sender, use }];
  });
}

function whyNotSilent({ proof }: ProofInput, { sender, use }: Used): string | undefined {
  if (sender.throughMs <= proof.openedAtMs) return 'has told nothing since the rollback';
  const afterMs = use.atMs - proof.openedAtMs;
  if (afterMs <= TOLERATED_MS || sender.throughMs - use.atMs > TOLERATED_MS) return undefined;
  return `told of treatment ${Math.round(afterMs / 1_000)} s after the rollback`;
}
