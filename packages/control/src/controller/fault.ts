import type { Cause } from '../rollout/types.ts';
import type { FoldFault } from '../telemetry/fault/types.ts';
import type { ControllerInput } from './types.ts';

const CODE = 'judging_failed';

/**
 * Why a rollout cannot be judged: rows of its telemetry could not be folded since its present stage began, or
 * since it was completed. What failed earlier is told (`sentences.ts`): its figures are missing, and what came
 * since was judged. Where the judge itself is broken every batch fails anew. An unguarded rollout is judged by
 * nothing.
 */
export function judgingFailed({ rollout, fault }: ControllerInput): Cause | undefined {
  if (fault === undefined || rollout.unguarded) return undefined;
  const sinceMs = rollout.status === 'completed' ? rollout.statusSinceMs : rollout.stageEnteredAtMs;
  if (fault.lastAtMs < sinceMs) return undefined;
  const text = `This rollout cannot be judged: ${whatFailed(fault)} (${fault.text}). That is a defect of the server, please report it.`;
  return { code: CODE, text };
}

function whatFailed({ rows }: FoldFault): string {
  if (rows === 0) return 'nothing can be reckoned from its telemetry';
  return `${rows === 1 ? 'a row' : `${rows} rows`} of its telemetry could not be read`;
}
