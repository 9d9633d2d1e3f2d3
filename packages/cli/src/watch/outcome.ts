import { EXIT } from '../exit-code.ts';
import type { ExitCode } from '../exit-code.ts';
import type { ProofModel, WatchModel } from './model.ts';

/** How a watch ended: with which exit code, and what to say about it. */
export interface Outcome {
  readonly exitCode: ExitCode;
  readonly text: string;
}

/** Until when is watched: the completion, or the end of the watch that follows it. */
export const UNTIL = ['ended', 'completed'] as const;
export type Until = (typeof UNTIL)[number];

/**
 * Whether there is nothing more to watch: the rollout has ended, or it went down and the proof of that is
 * decided; with `completed`, and without guardrails, also that it is completed. A completed rollout is still watched by the server, which
 * may roll it back or alarm, and a paused or held one may be resumed: both go on being watched.
 */
export function outcomeOf(model: WatchModel, until: Until = 'ended'): Outcome | undefined {
  const { rollout, down, proof, flag } = model;
  if (down || rollout?.status === 'rolledBack') {
    const what = down ? `${flag} is down` : `the rollout of ${flag} was rolled back`;
    return proof ? outcomeOfProof(proof, what) : { exitCode: EXIT.rolledBack, text: what };
  }
  // Nothing watches what has no guardrails.
  const isOver = until === 'completed' || rollout?.unguarded === true;
  if (rollout?.status === 'completed' && isOver) {
    return rollout.alarm === undefined
      ? { exitCode: EXIT.ok, text: `the rollout of ${flag} is completed` }
      : { exitCode: EXIT.alarmed, text: `the rollout of ${flag} is completed. ${rollout.alarm}` };
  }
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
