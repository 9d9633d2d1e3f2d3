import type { ProofClock } from '../command/types.ts';
import type { InstanceClass } from '../telemetry/instance/types.ts';
import { instancesOf } from './instances-of.ts';
import { reached } from './reached.ts';
import { recovered } from './recovered.ts';
import { silent } from './silent.ts';
import type { ClockFinding, ClockView, ProofInput, ProofView } from './types.ts';

/**
 * How far a rollback is proven at a moment of the store's clock (invariant 6). A clock that was once
 * recorded as proven stays proven. Pure: the same telemetry and moment give the same view.
 */
export function assessProof(input: ProofInput): ProofView {
  const instances: Record<InstanceClass, number> = { acking: 0, sent: 0, polling: 0, ephemeral: 0 };
  const { present, notConcerned } = instancesOf(input);
  for (const instance of present) instances[instance.class] += 1;
  const { clocks } = input.proof;
  return {
    proof: input.proof.id,
    clocks: {
      reached: viewOf(input, 'reached', reached),
      silent: viewOf(input, 'silent', silent),
      recovered: viewOf(input, 'recovered', recovered),
    },
    instances,
    notConcerned: {
      instances: notConcerned.length,
      services: [...new Set(notConcerned.map(({ service }) => service))],
    },
    recorded: Object.fromEntries(
      Object.entries(clocks).map(([clock, { outcome }]) => [clock, outcome]),
    ),
  };
}

const BEHIND: ClockFinding = {
  proven: false,
  statement: 'What instances told last is not stored yet.',
  missing: [{ name: 'telemetry', why: 'what instances told last is not stored yet' }],
};

function viewOf(
  input: ProofInput,
  clock: ProofClock,
  find: (input: ProofInput) => ClockFinding,
): ClockView {
  const { proof, nowMs } = input;
  const deadlineAtMs = proof.openedAtMs + proof.deadlinesMs[clock];
  const recorded = proof.clocks[clock];
  if (recorded?.outcome === 'proven') {
    return { outcome: 'proven', deadlineAtMs, statement: recorded.statement, missing: [] };
  }
  const { proven, statement, missing } = input.isBehind === true ? BEHIND : find(input);
  const late = nowMs > deadlineAtMs ? 'missed' : 'pending';
  return { outcome: proven ? 'proven' : late, deadlineAtMs, statement, missing };
}
