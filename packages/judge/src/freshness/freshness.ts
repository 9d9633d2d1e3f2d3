export type Freshness = 'fresh' | 'blind:both' | 'blind:treatment' | 'blind:control';

export interface FreshnessInput {
  readonly nowMs: number;
  readonly batchMs: number;
  /** When measuring began: nothing is stale before it had the time to arrive. */
  readonly sinceMs: number;
  readonly arms: readonly {
    readonly arm: 'treatment' | 'control';
    readonly sharePerMillion: number;
    /** Last unit heard of, or null for none. */
    readonly lastUnitAtMs: number | null;
  }[];
}

/** Batches without a unit after which an arm counts as silent. */
export const FRESHNESS_BATCHES = 5;

/**
 * Whether telemetry is fresh: every arm whose share is above zero was heard of within five batches.
 * An arm without a share is not asked for.
 */
export function freshness(input: FreshnessInput): Freshness {
  const limitMs = FRESHNESS_BATCHES * input.batchMs;
  const silent = input.arms
    .filter((each) => each.sharePerMillion > 0)
    .filter((each) => input.nowMs - Math.max(each.lastUnitAtMs ?? 0, input.sinceMs) > limitMs)
    .map((each) => each.arm);
  const asked = input.arms.filter((each) => each.sharePerMillion > 0).length;
  if (silent.length === 0) return 'fresh';
  if (silent.length === asked) return 'blind:both';
  return silent.includes('treatment') ? 'blind:treatment' : 'blind:control';
}
