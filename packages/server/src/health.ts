import type { ChainReport } from './store/contract.ts';

/** What `/readyz` and the metrics say about the server as a whole. Changed by `serve` alone. */
export interface Health {
  stopping: boolean;
  /** Aborted with a refusal when the server stops: ends what takes long. */
  readonly stop: AbortController;
  /** `pending` until the background check of the whole chain is over. */
  chain: ChainReport | 'pending' | 'failed';
  startedAtMs: number;
}
