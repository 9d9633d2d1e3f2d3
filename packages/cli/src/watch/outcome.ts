import { EXIT } from '../exit-code.ts';
import type { ExitCode } from '../exit-code.ts';
import type { ProofModel, WatchModel } from './model.ts';

/** How a watch ended: with which exit code, and what to say about it. */
export interface Outcome {
  readonly exitCode: ExitCode;
  readonly text: string;
}

/**
 * Whether there is nothing more to watch: the rollout is completed, or it went down and the proof of
 * that is decided. A paused or held rollout goes on being watched: somebody may resume it.
 */
export function outcomeOf(model: WatchModel): Outcome | undefined {
  const { rollout, down, proof, flag } = model;
  if (down || rollout?.status === 'rolledBack') {
    const what = down ? `${flag} is down` : `the rollout of ${flag} was rolled back`;
    return proof ? outcomeOfProof(proof, what) : { exitCode: EXIT.rolledBack, text: what };
  }
  if (rollout?.status === 'completed')
    return { exitCode: EXIT.ok, text: `the rollout of ${flag} is completed` };
  if (rollout?.status === 'ended')
    return { exitCode: EXIT.ok, text: `the rollout of ${flag} has ended` };
  return undefined;
}

function outcomeOfProof({ clocks }: ProofModel, what: string): Outcome | undefined {
  if (clocks.some(({ outcome }) => outcome === 'pending')) return undefined;
  const missed = clocks.filter(({ outcome }) => outcome === 'missed').map(({ name }) => name);
  return missed.length === 0
    ? { exitCode: EXIT.rolledBack, text: `${what}, and that is proven` }
    : { exitCode: EXIT.unproven, text: `${what}, but not proven in time: ${missed.join(', ')}` };
}
