import { setTimeout as sleep } from 'node:timers/promises';
import { askLatestProof } from '../api/rollout.ts';
import type { ProofAnswer, ProofClockAnswer } from '../api/answers.ts';
import type { Api } from '../api/api.ts';
import type { FlagPlace } from '../api/flag-place.ts';
import { interruption } from '../api/unreachable.ts';

interface ProofWait {
  readonly forMs: number;
  /** Only the first clock, or all three. */
  readonly until: 'reached' | 'all';
  readonly interrupted: AbortSignal;
  /** Told of the proof each time it was asked for. */
  readonly onLook?: (proof: ProofAnswer) => void;
}

const PAUSE_MS = 250;

/** Asks for a flag's newest proof until the clock is decided, one way or the other, or time is up. */
export async function awaitProof(
  api: Api,
  place: FlagPlace,
  wait: ProofWait,
): Promise<ProofAnswer> {
  const endMs = performance.now() + wait.forMs;
  for (;;) {
    const proof = await askLatestProof(api, place);
    wait.onLook?.(proof);
    if (isDecided(proof, wait.until) || performance.now() + PAUSE_MS > endMs) return proof;
    await sleep(PAUSE_MS, undefined, { signal: wait.interrupted }).catch(() => {
      throw interruption(wait.interrupted);
    });
  }
}

export function isProven(proof: ProofAnswer, until: ProofWait['until']): boolean {
  return clocksOf(proof, until).every(({ outcome }) => outcome === 'proven');
}

function isDecided(proof: ProofAnswer, until: ProofWait['until']): boolean {
  return clocksOf(proof, until).every(({ outcome }) => outcome !== 'pending');
}

function clocksOf({ clocks }: ProofAnswer, until: ProofWait['until']): readonly ProofClockAnswer[] {
  return until === 'all' ? clocks : clocks.filter(({ clock }) => clock === 'reached');
}
