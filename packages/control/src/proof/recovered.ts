import type { FrozenHypothesis } from '../rollout/types.ts';
import { RECOVERY_STAGE } from '../telemetry/rollout/history.ts';
import type { Hypothesis } from '../telemetry/rollout/hypotheses.ts';
import {
  isBeyond,
  JUDGED_BATCHES,
  pooled,
  pooledMean,
  recoveredLimit,
} from '../telemetry/rollout/leaving-baseline.ts';
import type { RolloutTelemetry } from '../telemetry/rollout/types.ts';
import type { ClockFinding, MissingProof, ProofInput } from './types.ts';

/**
 * Recovered: over all units in the last three complete batches since the rollback that closed any (one
 * whose reports are missing shows no recovery), each guardrail's rate at the shortest horizon is within the baseline's 99 % upper bound plus the margin.
 * Trivially met, and said so, for a guardrail that never left it and where nothing is measured.
 */
export function recovered({ proof, telemetry }: ProofInput): ClockFinding {
  const rollout = proof.rollout === undefined ? undefined : telemetry.rollouts.get(proof.rollout);
  const guardrails = rollout?.hypotheses.filter(
    ({ role, horizonIndex }) => role === 'guardrail' && horizonIndex === 0,
  );
  if (rollout === undefined || guardrails === undefined || guardrails.length === 0) {
    return trivially('Nothing was measured, so there is nothing to recover from.');
  }
  const left = guardrails.filter(({ id }) => rollout.left.has(id));
  if (left.length === 0) {
    return trivially('The rate over all units never left the baseline; trivially recovered.');
  }
  const findings = left.map((hypothesis) => recoveryOf(rollout, hypothesis, proof.openedAtMs));
  const missing = findings.flatMap((finding) => finding.missing ?? []);
  const statement = findings.map(({ text }) => text).join(' ');
  return { proven: missing.length === 0, statement, missing };
}

function trivially(statement: string): ClockFinding {
  return { proven: true, statement, missing: [] };
}

function recoveryOf(
  rollout: RolloutTelemetry,
  { id, kind }: Hypothesis,
  sinceMs: number,
): { readonly text: string; readonly missing?: MissingProof } {
  const frozen = rollout.rollout.frozen?.hypotheses[id];
  if (frozen === undefined) return { text: `${id}: no baseline to return to.` };
  const batches = rollout.recent
    .filter(({ endMs, complete }) => endMs > sinceMs && complete)
    .filter(({ cells, means }) =>
      [...cells, ...means].some((cell) => isRecovery(cell.stage) && cell.hypothesis === id),
    )
    .slice(-JUDGED_BATCHES);
  if (batches.length < JUDGED_BATCHES) {
    const missing = rollout.recent.at(-1)?.missing ?? [];
    const overdue = missing.length > 0 ? `; reports are missing of ${missing.join(', ')}` : '';
    const why = `${batches.length} of ${JUDGED_BATCHES} complete batches closed since the rollback${overdue}`;
    return { text: `${id}: ${why}.`, missing: { name: id, why } };
  }
  return kind === 'mean'
    ? judgedMean(id, pooledMean(batches, id, isRecovery), frozen)
    : judged(id, pooled(batches, id, isRecovery), frozen);
}

function judged(
  id: string,
  { units, bad }: { readonly units: number; readonly bad: number },
  frozen: FrozenHypothesis,
): ReturnType<typeof recoveryOf> {
  const limit = recoveredLimit(frozen);
  const found = `${bad} of ${units} units are bad, the limit is ${(limit * 100).toFixed(2)} %`;
  if (bad <= limit * units) return { text: `${id}: recovered, ${found}.` };
  return { text: `${id}: not recovered, ${found}.`, missing: { name: id, why: found } };
}

function judgedMean(
  id: string,
  { count, mean }: { readonly count: number; readonly mean: number },
  frozen: FrozenHypothesis,
): ReturnType<typeof recoveryOf> {
  const found = `the mean over ${count} units is ${figure(mean)}, the limit is ${figure(recoveredLimit(frozen))}`;
  if (!isBeyond(frozen, mean)) return { text: `${id}: recovered, ${found}.` };
  return { text: `${id}: not recovered, ${found}.`, missing: { name: id, why: found } };
}

function figure(value: number): string {
  return String(Number(value.toPrecision(4)));
}

function isRecovery(stage: number): boolean {
  return stage === RECOVERY_STAGE;
}
