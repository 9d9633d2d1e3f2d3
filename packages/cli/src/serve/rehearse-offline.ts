import type { RehearsalReport } from '../api/answers.ts';
import { placeRefusal } from '../document/place-refusal.ts';
import type { WrittenDocument } from '../document/types.ts';
import { CommandError } from '../error.ts';
import { EXIT } from '../exit-code.ts';
import type { PlayedSoFar } from '../rehearse/progress.ts';
import type { Asked } from '../rehearse/read-asked.ts';
import { loadServer } from './load-server.ts';

interface Offline {
  readonly plan: WrittenDocument;
  readonly metrics: readonly WrittenDocument[];
  readonly asked: Asked;
  readonly signal: AbortSignal;
  readonly progress: (played: PlayedSoFar) => void;
}

/** Rehearses a plan on this machine, with the same code as a server; nothing is recorded. */
export async function rehearseHere(offline: Offline): Promise<RehearsalReport> {
  const { plan, metrics, asked, signal, progress } = offline;
  const { rehearseOffline } = await loadServer();
  const result = await rehearseOffline({
    plan: plan.value,
    metrics: metrics.map(({ value }) => value),
    ...{ asked, signal, progress },
  });
  if (result.ok) return result.report;
  const { code, message, path, accepted, details } = result.problem;
  const failure = { exitCode: EXIT.usage, code, message, path, accepted, details };
  throw placeRefusal(new CommandError(failure), plan, '/plan');
}
